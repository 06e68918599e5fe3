from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate, post_save


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = "Konten"

    def ready(self) -> None:
        from cms import account, checks, roles  # noqa: F401  registers the system checks

        post_migrate.connect(roles.ensure_roles_after_migrate, dispatch_uid="cms.roles")
        post_save.connect(account.keep_email_address, settings.AUTH_USER_MODEL, dispatch_uid="cms.account")

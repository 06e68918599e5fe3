from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = "Konten"

    def ready(self) -> None:
        from cms import checks, roles  # noqa: F401  registers the system checks

        post_migrate.connect(roles.ensure_roles_after_migrate, dispatch_uid="cms.roles")

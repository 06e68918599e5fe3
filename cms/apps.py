from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models.signals import post_migrate, post_save


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = "Konten"

    def ready(self) -> None:
        from cms import checks, languages, roles  # noqa: F401  registers the system checks
        from cms.accounts import login
        from cms.monitoring import counters, errors
        from home import base_site

        wagtail = apps.get_app_config("wagtailcore")
        post_migrate.connect(languages.ensure_locales_after_migrate, sender=wagtail, dispatch_uid="cms.languages")
        post_migrate.connect(base_site.settle_after_migrate, sender=wagtail, dispatch_uid="home.base_site")
        post_migrate.connect(roles.ensure_roles_after_migrate, dispatch_uid="cms.roles")
        post_save.connect(login.keep_email_address, settings.AUTH_USER_MODEL, dispatch_uid="cms.accounts")
        counters.connect()
        errors.report_to(settings.SENTRY_DSN)

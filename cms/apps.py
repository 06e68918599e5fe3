from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models.signals import m2m_changed, post_migrate, post_save


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = "Konten"

    def ready(self) -> None:
        from allauth.account.signals import user_logged_in

        from cms import checks, languages, roles  # noqa: F401  registers the system checks
        from cms.accounts import limits, log_book, login
        from cms.models import User
        from cms.monitoring import counters, errors
        from home import base_site

        wagtail = apps.get_app_config("wagtailcore")
        post_migrate.connect(languages.ensure_locales_after_migrate, sender=wagtail, dispatch_uid="cms.languages")
        post_migrate.connect(base_site.settle_after_migrate, sender=wagtail, dispatch_uid="home.base_site")
        post_migrate.connect(roles.ensure_roles_after_migrate, dispatch_uid="cms.roles")
        user_logged_in.connect(log_book.note_login, dispatch_uid="cms.accounts.log_book")
        user_logged_in.connect(limits.remember_network, dispatch_uid="cms.accounts.limits")
        m2m_changed.connect(log_book.note_roles, User.groups.through, dispatch_uid="cms.accounts.roles")
        post_save.connect(login.keep_email_address, settings.AUTH_USER_MODEL, dispatch_uid="cms.accounts")
        counters.connect()
        errors.report_to(settings.SENTRY_DSN)

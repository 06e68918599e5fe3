from django.apps import AppConfig
from django.db.models.signals import post_migrate


class NewsletterConfig(AppConfig):
    name = "newsletter"
    verbose_name = "Newsletter"

    def ready(self) -> None:
        from home.editing.previews import register_preview
        from home.events.models import EditionPage
        from home.pages.models import NewsPage
        from newsletter.composing.previews import issue_previews, teaser_preview
        from newsletter.models import NewsletterIssuePage
        from newsletter.subscribing.append_only import ensure_append_only

        register_preview(NewsPage, teaser_preview("report"))
        register_preview(EditionPage, teaser_preview("edition"))
        for mode in issue_previews():
            register_preview(NewsletterIssuePage, mode)
        post_migrate.connect(ensure_append_only, sender=self)

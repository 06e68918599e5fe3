from django.apps import AppConfig
from django.db.models.signals import post_migrate


class NewsletterConfig(AppConfig):
    name = "newsletter"
    verbose_name = "Newsletter"

    def ready(self) -> None:
        from home.editing.previews import register_preview
        from home.events.models import EditionPage
        from home.pages.models import NewsPage
        from newsletter.composing.previews import teaser_preview
        from newsletter.subscribing.append_only import ensure_append_only

        register_preview(NewsPage, teaser_preview("report"))
        register_preview(EditionPage, teaser_preview("edition"))
        post_migrate.connect(ensure_append_only, sender=self)

from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "archive"
    verbose_name = "Archiv"

    def ready(self) -> None:
        from archive.documentation.preview import DOCUMENTATION_PREVIEW, REPORT_PREVIEW
        from archive.editing.edition_panel import EditionDocumentsPanel
        from home.editing.previews import register_preview
        from home.events.models import EditionPage
        from home.pages.models import NewsPage

        register_preview(EditionPage, DOCUMENTATION_PREVIEW)
        register_preview(NewsPage, REPORT_PREVIEW)
        EditionPage.content_panels = [*EditionPage.content_panels, EditionDocumentsPanel(heading="Dokumente")]

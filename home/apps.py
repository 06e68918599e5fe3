from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "home"
    verbose_name = "Website"

    def ready(self) -> None:
        from django.db.models.signals import post_save
        from wagtail.signals import page_published

        from home.editing.defaults import fill_new_pages
        from home.editing.moved_addresses import keep_addresses
        from home.events import announcing
        from home.events.models import EditionPage, EventSeries
        from home.images import drop_camera_data
        from home.search.reindexing import keep_index
        from home.spreadsheets import guard_exports
        from home.upkeep.collecting import collect_published

        page_published.connect(announcing.announce_published, sender=EditionPage)
        page_published.connect(collect_published, dispatch_uid="collect_published")
        post_save.connect(announcing.announce_series, sender=EventSeries)
        drop_camera_data()
        guard_exports()
        keep_index()
        keep_addresses()
        fill_new_pages()

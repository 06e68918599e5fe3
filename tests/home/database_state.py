"""What must not change when the demo is loaded again."""

from wagtail.models import Page

from home.models import CoordinationOffice, SiteImage


def state_of_the_database():
    return (
        sorted(Page.objects.values_list("pk", "title", "live", "latest_revision_id", "last_published_at")),
        sorted(CoordinationOffice.objects.values_list("pk", "ags")),
        SiteImage.objects.count(),
    )

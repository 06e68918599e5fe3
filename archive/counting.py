"""How often a document is downloaded: a number a month, nothing about who."""

from django.db.models import F
from django.utils import timezone

from archive.models import Document, DownloadCount


def count_download(document: Document) -> None:
    """Adds one download to the current month."""
    month = timezone.localdate().replace(day=1)
    rows = DownloadCount.objects.filter(document=document, month=month)
    if not rows.update(count=F("count") + 1):
        DownloadCount.objects.bulk_create([DownloadCount(document=document, month=month)], ignore_conflicts=True)
        rows.update(count=F("count") + 1)

"""Addresses of the archive."""

from django.urls import path

from archive import bundle_views, views
from archive.protocols import views as protocol_views
from archive.reading import views as reading_views
from archive.reading.feed import DocumentFeed
from archive.sharing import views as sharing_views

app_name = "archive"
urlpatterns = [
    path("", views.index, name="index"),
    path("feed/", DocumentFeed(), name="feed"),
    path("zip/", bundle_views.zip_file, name="zip"),
    path("beschluesse/", protocol_views.resolutions, name="resolutions"),
    path("teilen/<str:token>/", sharing_views.shared, name="shared"),
    path("teilen/<str:token>/datei/", sharing_views.shared_file, name="shared_file"),
    path("<int:pk>/", reading_views.document, name="document"),
    path("<int:pk>/abstimmung/", protocol_views.review, name="review"),
    path("<int:pk>/zitat.bib", reading_views.bibtex, name="bibtex"),
    path("<int:pk>/zitat.ris", reading_views.ris, name="ris"),
    path("<int:pk>/datei/", views.current_file, name="file"),
    path("<int:pk>/v/<int:number>/datei/", views.version_file, name="version_file"),
    path("<int:pk>/v/<int:number>/seite/<int:leaf>.webp", views.leaf_image, name="leaf_image"),
    path("<int:pk>/v/<int:number>/seite/<int:leaf>-klein.webp", views.leaf_thumbnail, name="leaf_thumbnail"),
]

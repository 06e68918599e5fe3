"""Addresses of the archive."""

from django.urls import path

from archive import views
from archive.protocols import views as protocol_views

app_name = "archive"
urlpatterns = [
    path("", views.index, name="index"),
    path("zip/", views.zip_file, name="zip"),
    path("beschluesse/", protocol_views.resolutions, name="resolutions"),
    path("<int:pk>/", views.document, name="document"),
    path("<int:pk>/abstimmung/", protocol_views.review, name="review"),
    path("<int:pk>/datei/", views.current_file, name="file"),
    path("<int:pk>/v/<int:number>/datei/", views.version_file, name="version_file"),
    path("<int:pk>/v/<int:number>/seite/<int:leaf>.webp", views.leaf_image, name="leaf_image"),
    path("<int:pk>/v/<int:number>/seite/<int:leaf>-klein.webp", views.leaf_thumbnail, name="leaf_thumbnail"),
]

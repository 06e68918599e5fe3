"""Addresses of the newsletter that are not pages."""

from django.urls import path

from newsletter.subscribing import settings_views, views

app_name = "newsletter"
urlpatterns = [
    path("anmelden/", views.sign_up, name="sign_up"),
    path("bestaetigen/<str:token>/", views.confirm, name="confirm"),
    path("einstellungen/", settings_views.request_link, name="request_link"),
    path("einstellungen/<str:token>/", settings_views.settings, name="settings"),
    path("einstellungen/<str:token>/adresse/", settings_views.address, name="settings_address"),
    path("einstellungen/<str:token>/loeschen/", settings_views.delete, name="settings_delete"),
    path("einstellungen/<str:token>/daten.json", settings_views.export_data, name="settings_data"),
    path("einstellungen/<str:token>/daten.pdf", settings_views.export_proof, name="settings_proof"),
    path("abmelden/<str:token>/", views.unsubscribe, name="unsubscribe"),
]

"""Addresses of the newsletter that are not pages."""

from django.urls import path

from newsletter.subscribing import views

app_name = "newsletter"
urlpatterns = [
    path("anmelden/", views.sign_up, name="sign_up"),
    path("bestaetigen/<str:token>/", views.confirm, name="confirm"),
    path("einstellungen/<str:token>/", views.settings, name="settings"),
    path("abmelden/<str:token>/", views.unsubscribe, name="unsubscribe"),
]

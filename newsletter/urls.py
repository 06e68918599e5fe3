"""Addresses of the newsletter that are not pages."""

from django.urls import URLPattern

app_name = "newsletter"
urlpatterns: list[URLPattern] = []

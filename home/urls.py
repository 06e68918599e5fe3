"""Addresses of `home` that are not Wagtail pages."""

from django.urls import path

from home.events import views
from home.search import search

app_name = "home"
urlpatterns = [
    path("termine/", views.dates, name="dates"),
    path("termine/kalender.ics", views.calendar_file, name="calendar"),
    path("<slug:series>/<slug:edition>/termin.ics", views.edition_calendar_file, name="edition_calendar"),
    path("koordinierungsstellen/", views.offices, name="offices"),
    path("koordinierungsstellen/<slug:slug>/", views.office, name="office"),
    path("suche/", search, name="search"),
]

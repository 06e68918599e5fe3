"""Addresses of `home` that are not Wagtail pages."""

from django.urls import path, re_path

from home.events import views
from home.feedback.views import report_barrier
from home.pages.views import card
from home.search.views import search

app_name = "home"
urlpatterns = [
    path("termine/", views.dates, name="dates"),
    path("termine/kalender.ics", views.calendar_file, name="calendar"),
    path("<slug:series>/<slug:edition>/termin.ics", views.edition_calendar_file, name="edition_calendar"),
    path("koordinierungsstellen/", views.offices, name="offices"),
    path("koordinierungsstellen/<slug:slug>/", views.office, name="office"),
    path("barrierefreiheit/melden/", report_barrier, name="report_barrier"),
    re_path(r"^karte/(?P<page_id>\d{1,9})-(?P<digest>[0-9a-f]{16})\.png$", card, name="card"),
    path("suche/", search, name="search"),
]

"""Addresses that exist in the demo only."""

from django.urls import path

from cms.demo import mailbox

app_name = "demo"
urlpatterns = [
    path("", mailbox.index, name="mailbox"),
    path("<str:name>/", mailbox.text, name="mail"),
    path("<str:name>/html/", mailbox.html, name="mail_html"),
]

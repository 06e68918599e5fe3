"""The guide for editors in the menu "Hilfe"."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import reverse
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from home.editing.desk import SHORTCUT_HOOK


class GuideView(WagtailAdminTemplateMixin, TemplateView):
    """`/admin/hilfe/`: how the work is done, for everybody who may enter the admin."""

    template_name = "home/admin/guide.html"
    page_title = "Anleitung"
    header_icon = "help"
    breadcrumbs_items: ClassVar = [*WagtailAdminTemplateMixin.breadcrumbs_items, {"url": "", "label": "Anleitung"}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        made = (make(self.request) for make in hooks.get_hooks(SHORTCUT_HOOK))
        return super().get_context_data(**kwargs) | {"shortcuts": [shortcut for shortcut in made if shortcut]}


def guide_item() -> MenuItem:
    """The guide below "Hilfe" in the menu."""
    return MenuItem("Anleitung", reverse("home_guide"), name="guide", icon_name="help", order=10)

"""Who runs the site: one setting for the foot of every page, structured data, mails and the imprint of a PDF."""

from __future__ import annotations

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.models import Site

from home.frame import kept


@register_setting(icon="site")
class SiteIdentity(BaseGenericSetting):
    """The organisation behind the site, as the law wants it named (§ 5 DDG)."""

    organisation = models.CharField(
        "Träger", max_length=150, default="Auslandsgesellschaft Sachsen-Anhalt e. V. (AGSA)"
    )
    building = models.CharField("Haus", max_length=100, blank=True, default="einewelt haus")
    street = models.CharField("Straße und Hausnummer", max_length=150, blank=True)
    postal_code = models.CharField("Postleitzahl", max_length=5, blank=True)
    city = models.CharField("Ort", max_length=100, default="Magdeburg")
    phone = models.CharField("Telefon", max_length=50, blank=True, default="0391 5371-271")
    email = models.EmailField("E-Mail-Adresse", blank=True)
    responsible = models.CharField(
        "Verantwortlich im Sinne des Presserechts", max_length=150, blank=True, help_text="§ 18 Absatz 2 MStV"
    )

    panels = [
        FieldPanel("organisation"),
        FieldRowPanel([FieldPanel("building"), FieldPanel("street")]),
        FieldRowPanel([FieldPanel("postal_code"), FieldPanel("city")]),
        MultiFieldPanel([FieldRowPanel([FieldPanel("phone"), FieldPanel("email")])], heading="Kontakt"),
        FieldPanel("responsible"),
    ]

    class Meta:
        verbose_name = "Träger und Kontakt"

    @classmethod
    def load(cls, request_or_site: HttpRequest | Site | None = None) -> SiteIdentity:
        """As Wagtail does, but every page names the organisation, so it is kept for a moment."""
        load = super().load
        if isinstance(request_or_site, HttpRequest):
            return kept(request_or_site, "identity", lambda: load(request_or_site))
        return load(request_or_site)

"""Wagtail's content checker with the rules of this site: axe-core looks at the preview, in German.

Findings of `home.editing.content_checks` travel inside the preview, because only it knows the draft as it is being
written; `content_findings.js` shows them in the side panel "Prüfungen".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.admin.userbar import ContentCheckerItem

from home.editing.content_checks import findings

if TYPE_CHECKING:
    from django.http import HttpRequest
    from wagtail.models import Page

# What a link says must hold without the words around it (WCAG 2.4.4, 2.4.9). Without regard to case and punctuation.
EMPTY_LINK_WORDS = tuple(
    """
hier, hier klicken, klick hier, klicken sie hier, bitte hier klicken, siehe hier, dort, mehr, mehr dazu, mehr erfahren,
mehr infos, mehr informationen, mehr lesen, weiter, weiterlesen, weitere informationen, link, zum link, download,
herunterladen, pdf, info, infos, details, lesen, ansehen, website, webseite, seite, click here, here, more, read more,
learn more
""".replace("\n", " ")
    .strip()
    .split(", ")
)
# What editors can mend themselves. All of them are rules of axe-core 4, with our words for them.
RULES: dict[str, tuple[str, str]] = {
    "image-alt": ("Bild ohne Alternativtext", "Bitte beschreiben Sie am Bild selbst, was zu sehen ist."),
    "image-redundant-alt": (
        "Alternativtext doppelt",
        "Neben dem Bild steht derselbe Text noch einmal. Bitte beschreiben Sie, was zu sehen ist.",
    ),
    "svg-img-alt": ("Grafik ohne Alternativtext", "Bitte beschreiben Sie die Grafik in einem Satz."),
    "empty-heading": ("Leere Überschrift", "Bitte füllen oder entfernen Sie die Überschrift."),
    "heading-order": (
        "Überschrift übersprungen",
        "Vor einer Zwischenüberschrift steht eine Überschrift. Bitte keine Ebene auslassen.",
    ),
    "page-has-heading-one": ("Seite ohne Titel", "Bitte geben Sie der Seite einen Titel."),
    "p-as-heading": (
        "Fetter Absatz statt Überschrift",
        "Bitte verwenden Sie den Block „Überschrift“. Vorleseprogramme springen von Überschrift zu Überschrift.",
    ),
    "link-name": ("Link ohne Text", "Bitte schreiben Sie, wohin der Link führt."),
    "link-text-quality": (
        "Linktext sagt nichts",
        "„hier“, „mehr“ oder eine bloße Adresse verrät nicht, wohin der Link führt. "
        "Bitte nennen Sie das Ziel, zum Beispiel „Einladung zur 13. Ideenwerkstatt (PDF)“.",
    ),
    "identical-links-same-purpose": (
        "Gleicher Linktext, anderes Ziel",
        "Zwei Links heißen gleich und führen an verschiedene Orte. Bitte unterscheiden Sie sie im Text.",
    ),
    "empty-table-header": ("Leere Kopfzelle", "Jede Spalte und Zeile der Tabelle braucht eine Bezeichnung."),
    "td-has-header": ("Tabelle ohne Kopfzellen", "Bitte bezeichnen Sie Spalten oder Zeilen der Tabelle."),
    "th-has-data-cells": ("Kopfzelle ohne Daten", "Zu dieser Kopfzelle gehören keine Werte."),
    "table-duplicate-name": (
        "Tabelle heißt doppelt",
        "Titel und Zusammenfassung der Tabelle sind gleich. Einer genügt.",
    ),
    "frame-title": ("Eingebetteter Inhalt ohne Titel", "Bitte sagen Sie im Titel, was zu sehen ist."),
    "video-caption": ("Video ohne Untertitel", "Bitte ergänzen Sie Untertitel oder eine Abschrift."),
    "button-name": ("Schaltfläche ohne Text", "Bitte schreiben Sie, was die Schaltfläche tut."),
    "input-button-name": ("Schaltfläche ohne Text", "Bitte schreiben Sie, was die Schaltfläche tut."),
    "valid-lang": ("Unbekannte Sprache", "Die Angabe der Sprache eines Textes ist falsch."),
    "alt-text-quality": (
        "Alternativtext ist ein Dateiname",
        "Bitte beschreiben Sie am Bild selbst, was zu sehen ist.",
    ),
    "empty-meta-description": (
        "Beschreibung für Suchmaschinen fehlt",
        "Ein Satz unter „Veröffentlichung“ erscheint in Suchergebnissen und wenn jemand den Link teilt.",
    ),
}
_LINK_RULE: dict[str, Any] = {
    "id": "link-text-quality",
    "impact": "serious",
    # Links of editors only: the words of menus and footers are not theirs.
    "selector": "main a[href]",
    "tags": ["best-practice"],
    "any": ["check-link-text"],
    "enabled": True,
    # The parts of an accordion are closed when the page is looked at.
    "excludeHidden": False,
}


# Bold lines of our own templates, such as the name on a contact, are not for editors to change.
_BOLD_RULE: dict[str, Any] = {"id": "p-as-heading", "selector": ".prose p"}


class SiteContentChecker(ContentCheckerItem):
    """Goes into Wagtail's user bar in place of its own item, on public pages and in previews."""

    template_name = "home/admin/content_checker.html"
    axe_run_only = list(RULES)
    # In the editor the server says more about the same images: which it is, and why.
    said_by_server = frozenset({"alt-text-quality"})
    axe_messages = {rule: {"error_name": name, "help_text": text} for rule, (name, text) in RULES.items()}

    class Media:
        js = ("js/content_checks.js",)

    def __init__(self, page: Page | None, in_editor: bool = False) -> None:
        super().__init__(in_editor=in_editor)
        self.page = page

    def get_axe_run_only(self, request: HttpRequest) -> list[str]:
        return [rule for rule in super().get_axe_run_only(request) if self._is_asked(rule)]

    def get_axe_custom_rules(self, request: HttpRequest) -> list[dict[str, Any]]:
        rules = [*super().get_axe_custom_rules(request), _LINK_RULE, _BOLD_RULE]
        return [rule for rule in rules if self._is_asked(rule["id"])]

    def _is_asked(self, rule: str) -> bool:
        return not (self.in_editor and rule in self.said_by_server)

    def get_axe_custom_checks(self, request: HttpRequest) -> list[dict[str, Any]]:
        words = {"id": "check-link-text", "options": {"words": EMPTY_LINK_WORDS}}
        # Editors have bold, but no sizes: weight alone gives a paragraph away that wants to be a heading.
        bold = {"id": "p-as-heading", "options": {"margins": [{"weight": 150}], "passLength": 1, "failLength": 0.5}}
        return [*super().get_axe_custom_checks(request), words, bold]

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        request = parent_context.get("request")
        # Readers of the public page, editors too, are not kept waiting for it.
        found = findings(self.page) if self.page and getattr(request, "is_preview", False) else []
        context["findings"] = [
            {"title": finding.title, "text": finding.text, "anchor": finding.anchor} for finding in found
        ]
        return context


def use_site_checker(request: HttpRequest, items: list[Any], page: Page | None) -> None:
    """The hook `construct_wagtail_userbar`: swaps Wagtail's checker for ours.

    Pages that no editor wrote (account, archive, search) have none: nobody could mend there what it finds.
    """
    items[:] = [
        SiteContentChecker(page, in_editor=item.in_editor) if isinstance(item, ContentCheckerItem) else item
        for item in items
        if page or _is_of_use(item, request)
    ]


def _is_of_use(item: Any, request: HttpRequest) -> bool:
    """Whether an item of the bar makes sense where there is no page: all but a checker outside of the editor."""
    in_editor = getattr(item, "in_editor", False) or getattr(request, "is_preview", False)
    return not isinstance(item, ContentCheckerItem) or in_editor

"""Builds the demo content of the public site. Repeating it changes nothing; what editors changed stays.

Every page of the demo has a fixed `translation_key`, made from its slug path: that is how a second run, and the other
apps' demo, find it again.
"""

from __future__ import annotations

import io
import uuid
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.files.images import ImageFile
from django.db import transaction
from wagtail.models import Locale, Page, Site

from home import base_site, demo_references
from home.demo_content import editions as edition_data
from home.demo_content import legal as legal_data
from home.demo_content import offices as office_data
from home.demo_content import pages as page_data
from home.demo_content import people as people_data
from home.demo_content import pictures as picture_data
from home.demo_content import reports as report_data
from home.demo_content.editions import Edition, Item
from home.demo_content.reports import Report
from home.models import (
    ContentPage,
    CoordinationOffice,
    EditionPage,
    EditionPhoto,
    EventSeries,
    Funder,
    FundingPeriod,
    HomePage,
    NewsIndexPage,
    NewsPage,
    Participation,
    Person,
    ProgrammeItem,
    ProgrammeSpeaker,
    SeriesPage,
    SiteImage,
    StatementPage,
    SteeringMember,
    SteeringTerm,
    Topic,
)

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "demo.ikoe.example.org")
PageT = TypeVar("PageT", bound=Page)


class SiteHasOtherContent(Exception):
    """The demo does not touch a site that somebody works with."""


@dataclass(frozen=True)
class Loaded:
    """How many objects of each kind the demo site has now."""

    pages: int
    editions: int
    reports: int
    offices: int


def demo_key(path: str) -> uuid.UUID:
    """The `translation_key` of the demo page at `path`, e.g. "ideenwerkstatt/13"; "" is the home page."""
    return uuid.uuid5(NAMESPACE, path)


def demo_page(model: type[PageT], path: str) -> PageT:
    """The demo page at `path` in the site's language. Raises `DoesNotExist` before `load()`."""
    return model.objects.get(translation_key=demo_key(path), locale=Locale.get_default())


def refuse_other_content() -> None:
    """Raise `SiteHasOtherContent` unless the site is empty (but for Wagtail's welcome page) or is the demo."""
    if HomePage.objects.filter(translation_key=demo_key("")).exists():
        return
    others = Page.objects.filter(depth__gt=1).exclude(content_type__app_label="wagtailcore")
    if others.exists() or CoordinationOffice.objects.exists():
        raise SiteHasOtherContent("Die Website hat schon eigene Inhalte. Die Demo-Inhalte wurden nicht geladen.")


@transaction.atomic
def load() -> Loaded:
    """Make what is missing of the demo site."""
    from home import demo_translations

    refuse_other_content()
    _snippets()
    home = _home()
    series = {slug: _series_page(home, slug) for slug in ("ideenwerkstatt", "ideencafe", "fachtag")}
    for edition in edition_data.EDITIONS:
        _edition(series[edition.series], edition)
    news = _page(
        home, NewsIndexPage, "aktuelles", title="Aktuelles", lead="Berichte aus dem Projekt und von den Treffen."
    )
    for report in report_data.REPORTS:
        _report(news, report)
    _content_pages(home)
    if home.hero_edition_id is None:
        home.hero_edition = demo_page(EditionPage, "ideenwerkstatt/13")
        home.save_revision().publish()
    demo_translations.load()
    return Loaded(
        pages=Page.objects.filter(depth__gt=1).count(),
        editions=EditionPage.objects.filter(locale=Locale.get_default()).count(),
        reports=NewsPage.objects.live().count(),
        offices=CoordinationOffice.objects.count(),
    )


def publish_report() -> NewsPage:
    """Publish the report that waits as a draft; does nothing when it is live already."""
    report = demo_page(NewsPage, f"aktuelles/{report_data.DRAFT_SLUG}")
    if not report.live:
        report.get_latest_revision().publish()
        report.refresh_from_db()
    return report


def _snippets() -> None:
    for name, slug, kind, ags, code, column, row in office_data.OFFICES:
        fields = {"name": name, "slug": slug, "kind": kind, "code": code, "tile_column": column, "tile_row": row}
        office, created = CoordinationOffice.objects.get_or_create(ags=ags, defaults=fields)
        if created:
            office.authority = office_data.AUTHORITY.format("Stadt " * office.is_city + office.full_name)
            office.email = office_data.EMAIL.format(slug)
            office.save()
    for slug, (name, description, newsletter) in people_data.TOPICS.items():
        fields = {"name": name, "description": description, "newsletter": newsletter}
        Topic.objects.get_or_create(slug=slug, defaults=fields)
    for slug, (name, description) in people_data.SERIES.items():
        EventSeries.objects.get_or_create(slug=slug, defaults={"name": name, "description": description})
    for key, (name, role, organisation, function) in people_data.PEOPLE.items():
        phone = people_data.PHONES.get(key, "")
        fields = {"role": role, "organisation": organisation, "function": function, "phone": phone}
        Person.objects.get_or_create(name=name, defaults=fields)
    _funding()
    _steering_group()


def _funding() -> None:
    if FundingPeriod.objects.filter(name=people_data.FUNDING_PERIOD).exists():
        return
    funders = [
        Funder.objects.get_or_create(name=name, defaults={"short_name": short_name})[0]
        for name, short_name in people_data.FUNDERS.values()
    ]
    Funder.objects.filter(name=people_data.FUNDERS["eu"][0], logo=None).update(logo=_emblem())
    period = FundingPeriod(name=people_data.FUNDING_PERIOD, wording=people_data.FUNDING_WORDING)
    period.funders.set(funders)
    period.save()


def _steering_group() -> None:
    if SteeringTerm.objects.filter(year=people_data.STEERING_YEAR).exists():
        return
    term = SteeringTerm(year=people_data.STEERING_YEAR, note=people_data.STEERING_NOTE)
    term.members.set(
        [SteeringMember(name=name, organisation=organisation) for name, organisation in people_data.STEERING_MEMBERS]
    )
    term.save()


def _page(parent: Page, model: type[PageT], path: str, **fields: Any) -> PageT:
    """Return the demo page at `path`, made and published below `parent` if it is missing."""
    found = model.objects.filter(translation_key=demo_key(path), locale=parent.locale).first()
    return found or publish(_add(parent, model, path, **fields))


def _add(parent: Page, model: type[PageT], path: str, **fields: Any) -> PageT:
    slug = path.rpartition("/")[2]
    page = model(slug=slug, translation_key=demo_key(path), locale=parent.locale, live=False, **fields)
    if model is EditionPage and isinstance(parent, SeriesPage):
        page.series = parent.series
    parent.add_child(instance=page)
    return page


def publish(page: PageT) -> PageT:
    """Publish a page as an editor does; returns it as it is then."""
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def _home() -> HomePage:
    found = HomePage.objects.filter(translation_key=demo_key("")).first()
    if found:
        return found
    root = Page.get_first_root_node()
    # Wagtail's welcome page gives way; refuse_other_content() has made sure that nothing else is here.
    for welcome in root.get_children().filter(content_type__app_label="wagtailcore"):
        welcome.delete()
    root.refresh_from_db()
    home = HomePage(
        title="IKOE – Interkulturelle Öffnung in Sachsen-Anhalt",
        slug="start",
        translation_key=demo_key(""),
        locale=Locale.get_default(),
        live=False,
        hero_title=page_data.HERO_TITLE,
        hero_lead=page_data.HERO_LEAD,
        body=[("figures", page_data.BALANCE)],
        search_description=page_data.HOME_TEASER,
    )
    root.add_child(instance=home)
    publish(home)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"root_page": home, "site_name": "IKOE"},
        create_defaults={"hostname": "localhost", "root_page": home, "site_name": "IKOE", "is_default_site": True},
    )
    base_site.follow_base_url()
    return home


def _series_page(home: HomePage, slug: str) -> SeriesPage:
    series = EventSeries.objects.get(slug=slug)
    main = slug == "ideenwerkstatt"
    return _page(
        home,
        SeriesPage,
        "fachtage" if slug == "fachtag" else slug,
        title="Fachtage" if slug == "fachtag" else series.name,
        series=series,
        lead=page_data.IDEENWERKSTATT_LEAD if main else series.description,
        body=page_data.IDEENWERKSTATT_BODY if main else [],
        search_description=page_data.IDEENWERKSTATT_LEAD if main else series.description,
    )


def _content_pages(home: HomePage) -> None:
    pages = (page_data.PROJECT, page_data.INTEGRATION_MANAGEMENT, legal_data.IMPRINT, legal_data.PRIVACY)
    for data in pages:
        body = _resolved(data["body"])
        _page(
            home,
            ContentPage,
            str(data["slug"]),
            title=data["title"],
            lead=data["lead"],
            body=body,
            search_description=data["teaser"],
            # These two stand in the foot of every page.
            show_in_menus=data in (page_data.PROJECT, page_data.INTEGRATION_MANAGEMENT),
        )
    statement = dict(page_data.STATEMENT)
    slug, teaser = statement.pop("slug"), statement.pop("teaser")
    _page(home, StatementPage, slug, search_description=teaser, **statement)


def _resolved(body: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [demo_references.resolved(name, value, lambda path: demo_page(Page, path).specific) for name, value in body]


def _edition(parent: SeriesPage, data: Edition) -> None:
    path = f"{data.series}/{data.slug}"
    if EditionPage.objects.filter(translation_key=demo_key(path), locale=parent.locale).exists():
        return
    page = _add(
        parent,
        EditionPage,
        path,
        title=data.title,
        number=data.number,
        motto=data.motto,
        start_date=data.start,
        end_date=data.end,
        date_precision=data.precision,
        place=data.place,
        venue=data.venue,
        state=data.state,
        state_note=data.state_note,
        lead=data.lead,
        body=data.body,
        outlook=data.outlook,
        search_description=data.lead[:250],
    )
    page.topics.set(Topic.objects.filter(slug__in=data.topics))
    if data.host:
        host = CoordinationOffice.objects.get(slug=data.host)
        attended = None if data.state == EditionPage.State.PREPARING else True
        page.participations.add(Participation(office=host, hosted=True, attended=attended, sort_order=0))
    for position, item in enumerate(data.items):
        page.programme_items.add(_programme_item(path, position, item))
    for position, (key, caption) in enumerate(data.photos):
        page.photos.add(EditionPhoto(image=_picture(key), caption=caption, sort_order=position))
    publish(page)


def _programme_item(path: str, position: int, data: Item) -> ProgrammeItem:
    item = ProgrammeItem(
        title=data.title,
        format=data.format,
        day=data.day,
        abstract=data.abstract,
        sort_order=position,
        translation_key=demo_key(f"{path}#{position}"),
        locale=Locale.get_default(),
    )
    for order, name in enumerate(data.speakers):
        known = people_data.PEOPLE.get(name)
        person = Person.objects.get(name=known[0]) if known else None
        office = CoordinationOffice.objects.filter(slug=people_data.OFFICES_OF.get(name, "")).first()
        organisation = "" if known else name
        item.speakers.add(ProgrammeSpeaker(person=person, office=office, organisation=organisation, sort_order=order))
    return item


def _report(parent: NewsIndexPage, data: Report) -> None:
    path = f"aktuelles/{data.slug}"
    if NewsPage.objects.filter(translation_key=demo_key(path), locale=parent.locale).exists():
        return
    page = _add(
        parent,
        NewsPage,
        path,
        title=data.title,
        date=data.date,
        teaser=data.teaser,
        lead_image=_picture(data.image) if data.image else None,
        lead_caption=data.caption,
        body=_resolved(data.body),
        edition=demo_page(EditionPage, f"ideenwerkstatt/{data.edition}") if data.edition else None,
        contact=Person.objects.get(name=people_data.PEOPLE[data.contact][0]) if data.contact else None,
        origin=data.origin,
        origin_name=data.origin_name,
        origin_url=data.origin_url,
        search_description=data.teaser[:250],
    )
    page.topics.set(Topic.objects.filter(slug__in=data.topics))
    revision = page.save_revision()
    if data.slug != report_data.DRAFT_SLUG:
        revision.publish()


def _emblem() -> SiteImage:
    name, title, description = picture_data.EMBLEM
    found = SiteImage.objects.filter(title=title).first()
    if found:
        return found
    file = ImageFile(io.BytesIO(picture_data.european_emblem()), name=name)
    return SiteImage.objects.create(title=title, description=description, credit=picture_data.EMBLEM_CREDIT, file=file)


def _picture(key: str) -> SiteImage:
    title, description = picture_data.PICTURES[key]
    found = SiteImage.objects.filter(title=title, credit=picture_data.CREDIT).first()
    if found:
        return found
    file = ImageFile(io.BytesIO(picture_data.draw(key)), name=f"demo-{key}.png")
    return SiteImage.objects.create(title=title, description=description, credit=picture_data.CREDIT, file=file)

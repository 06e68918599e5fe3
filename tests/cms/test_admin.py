"""The admin desk: every list and form opens, in German, for those who work there."""

from __future__ import annotations

import datetime
import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import Page, get_page_models
from wagtail.snippets.models import get_snippet_models

from home import models as home
from home.roles import Role
from newsletter.pages import NewsletterIndexPage, NewsletterIssuePage
from tests.accounts_content import client_of, make_office, member, text_of
from tests.contents import made_once
from tests.editions_content import make_edition, make_series

pytestmark = pytest.mark.django_db
# Not "Choose …" and "Edit this …": Wagtail words its choosers when the process first makes the form, and the process
# of the tests does so inside of `migrate`, which switches translation off.
ENGLISH = re.compile(r"\b(Save draft|Add a|Add to|Delete this|Publish|Submit to|Settings|Page|Search|Welcome to the)\b")


@made_once
def content(site):
    """One of each snippet and page type."""
    home.Person.objects.create(name="Erika Beispiel", organisation="AGSA")
    home.Topic.objects.create(name="Sprache", slug="sprache", newsletter=True)
    home.SteeringTerm.objects.create(year=2019, members=[home.SteeringMember(name="N. N.", organisation="Harz")])
    home.FundingPeriod.objects.create(
        name="AMIF", wording="Gefördert.", funders=[home.Funder.objects.create(name="Land Sachsen-Anhalt")]
    )
    home.OfficeMembership.objects.create(
        user=member(Role.COORDINATOR, email="stelle@example.org"), office=make_office()
    )
    root = site.root_page
    news = root.add_child(instance=home.NewsIndexPage(title="Aktuelles", slug="aktuelles"))
    news.add_child(instance=home.NewsPage(title="Bericht", date=datetime.date(2024, 11, 25), teaser="Kurz", body=[]))
    make_edition(make_series(root))
    letters = root.add_child(instance=NewsletterIndexPage(title="Newsletter", slug="newsletter"))
    letters.add_child(instance=NewsletterIssuePage(title="1/2025", number="1/2025", subject="Neues", body=[]))
    root.add_child(instance=home.ContentPage(title="Projekt", slug="projekt"))
    root.add_child(
        instance=home.StatementPage(
            title="Barrierefreiheit",
            method="Selbst",
            prepared_on=datetime.date(2025, 1, 2),
            contact="<p>Bei uns.</p>",
            enforcement="<p>Dort.</p>",
        )
    )
    return site


def admin_pages(user):
    """Lists and forms of every snippet and page type the person may use."""
    for model in get_snippet_models():
        viewset = model.snippet_viewset
        if not viewset.permission_policy.user_has_any_permission(user, {"add", "change", "view"}):
            continue
        yield reverse(viewset.get_url_name("list"))
        if viewset.permission_policy.user_has_permission(user, "add"):
            yield reverse(viewset.get_url_name("add"))
        instance = model._default_manager.first()
        if instance and viewset.permission_policy.user_has_permission(user, "change"):
            yield reverse(viewset.get_url_name("edit"), args=[instance.pk])
            yield reverse(viewset.get_url_name("usage"), args=[instance.pk])
    for page in Page.objects.filter(depth__gt=1):
        yield reverse("wagtailadmin_pages:edit", args=[page.pk])
        yield reverse("wagtailadmin_explore", args=[page.pk])
        for page_type in page.specific_class.creatable_subpage_models():
            if page_type.can_create_at(page):
                target = (page_type._meta.app_label, page_type._meta.model_name, page.pk)
                yield reverse("wagtailadmin_pages:add", args=target)
    yield from map(
        reverse,
        ["wagtailadmin_home", "wagtailimages:index", "wagtailimages:add_multiple", "wagtaildocs:index",
         "wagtaildocs:add_multiple", "wagtailadmin_account"],
    )  # fmt: skip


@pytest.mark.parametrize("role", [Role.EDITOR, Role.CHIEF_EDITOR])
@pytest.mark.slow  # every list and form of the admin
def test_every_list_and_form_opens_in_german(content, role):
    user = member(role)
    client = client_of(user)
    addresses = list(admin_pages(user))
    assert len(addresses) > 40

    for address in addresses:
        response = client.get(address)

        assert response.status_code == 200, address
        assert '<html lang="de"' in response.content.decode(), address
        text = text_of(response)
        assert not ENGLISH.search(text), address


def test_every_page_type_is_covered(content):
    missing = {model.__name__ for model in get_page_models() if model is not Page and not model.objects.exists()}

    assert missing == set()


def test_base_data_is_one_menu(content):
    html = client_of(member(Role.EDITOR)).get("/admin/").content.decode()

    menu = html[html.index('"Stammdaten"') :]
    for label in (
        "Koordinierungsstellen",
        "Personen",
        "Themen",
        "Veranstaltungsreihen",
        "Steuerungsgruppen",
        "Förderer",
    ):
        assert f'"{label}"' in menu or ascii(label).replace("'", '"').replace("\\x", "\\u00") in menu
    assert "Zugehörigkeiten" not in html


def test_greeting_leads_to_the_forms(content):
    client = client_of(member(Role.CHIEF_EDITOR))
    html = client.get("/admin/").content.decode()

    greeting = html[html.index("Guten Tag, Erika") :]
    for label in ("Neuer Bericht", "Neue Ausgabe", "Dokumente hochladen", "Newsletter vorbereiten"):
        address = re.search(rf'href="([^"]+)">(?:(?!</a>).)*{label}', greeting, re.DOTALL)[1]
        assert client.get(address).status_code == 200, label


def test_greeting_leaves_out_what_does_not_exist(site):
    html = client_of(member(Role.EDITOR)).get("/admin/").content.decode()

    assert "Dokumente hochladen" in html
    assert "Neuer Bericht" not in html


# Accounts


def test_administration_says_who_works_for_which_office(content):
    client = client_of(member(Role.ADMINISTRATION))
    membership = home.OfficeMembership.objects.get()
    viewset = home.OfficeMembership.snippet_viewset

    assert "Erika Beispiel" in text_of(client.get(reverse(viewset.get_url_name("list"))))
    assert client.get(reverse(viewset.get_url_name("edit"), args=[membership.pk])).status_code == 200
    assert client.get(reverse(viewset.get_url_name("add"))).status_code == 200


def test_administration_makes_an_account_that_can_log_in(site, client, mailoutbox):
    staff = client_of(member(Role.ADMINISTRATION))
    coordinators = Group.objects.get(name=Role.COORDINATOR)
    page = staff.get(reverse("wagtailusers_users:add"))
    assert page.status_code == 200

    answer = staff.post(
        reverse("wagtailusers_users:add"),
        {"email": "Neu@Example.org", "first_name": "Nora", "last_name": "Neu", "groups": [coordinators.pk]},
    )

    assert answer.status_code == 302, answer.context["form"].errors
    user = get_user_model().objects.get(email="neu@example.org")
    assert not user.is_superuser
    assert list(user.groups.all()) == [coordinators]
    client.post(reverse("account_request_login_code"), {"email": "neu@example.org"})
    code = re.search(r"^([A-Z0-9-]{6,})$", mailoutbox[0].body, re.MULTILINE)[1]
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert "Nora Neu" in client.get(reverse("account")).content.decode()


def test_administration_changes_and_locks_an_account(site):
    staff = client_of(member(Role.ADMINISTRATION))
    user = member(Role.COORDINATOR, email="alt@example.org")
    address = reverse("wagtailusers_users:edit", args=[user.pk])
    assert staff.get(address).status_code == 200
    assert staff.get(reverse("wagtailusers_users:index")).status_code == 200

    answer = staff.post(address, {"email": "neu@example.org", "first_name": "Nora", "last_name": "Neu"})

    assert answer.status_code == 302
    user.refresh_from_db()
    assert (user.email, user.is_active) == ("neu@example.org", False)
    assert list(user.emailaddress_set.values_list("email", flat=True)) == ["neu@example.org"]


def test_same_address_in_other_letters_is_refused(site):
    staff = client_of(member(Role.ADMINISTRATION))
    member(Role.COORDINATOR, email="da@example.org")

    answer = staff.post(
        reverse("wagtailusers_users:add"), {"email": "DA@example.org", "first_name": "Nora", "last_name": "Neu"}
    )

    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_administration_cannot_make_or_touch_administrators(site):
    staff = client_of(member(Role.ADMINISTRATION))
    boss = member(email="chefin@example.org", is_superuser=True)
    person = member(Role.COORDINATOR, email="da@example.org")
    fields = {"first_name": "Nora", "last_name": "Neu", "is_superuser": "on", "is_active": "on"}

    staff.post(reverse("wagtailusers_users:add"), {**fields, "email": "neu@example.org"})
    staff.post(reverse("wagtailusers_users:edit", args=[person.pk]), {**fields, "email": person.email})
    staff.post(reverse("wagtailusers_users:edit", args=[boss.pk]), {**fields, "email": "meine@example.org"})
    staff.post(reverse("wagtailusers_users:delete", args=[boss.pk]))

    assert list(get_user_model().objects.filter(is_superuser=True).values_list("email", flat=True)) == [boss.email]


@pytest.mark.parametrize(
    ("action", "fields"), [("delete", {}), ("set_active_state", {"mark_as_active": "False"}), ("assign_role", {})]
)
def test_administration_cannot_touch_administrators_in_bulk(site, action, fields):
    staff = client_of(member(Role.ADMINISTRATION))
    boss = member(email="chefin@example.org", is_superuser=True)
    group = Group.objects.get(name=Role.COORDINATOR)

    staff.post(f"/admin/bulk/cms/user/{action}/?id={boss.pk}", {**fields, "role": group.pk})

    boss.refresh_from_db()
    assert boss.is_active
    assert not boss.groups.exists()


def test_administrators_make_administrators(site):
    boss = client_of(member(email="chefin@example.org", is_superuser=True))
    fields = {"first_name": "Nora", "last_name": "Neu", "is_superuser": "on", "email": "neu@example.org"}

    boss.post(reverse("wagtailusers_users:add"), fields)

    assert get_user_model().objects.get(email="neu@example.org").is_superuser

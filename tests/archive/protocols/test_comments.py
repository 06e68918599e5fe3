"""What the steering group says to a protocol that it looks at."""

import pytest
from django.test import Client
from django.urls import reverse

from archive.errors import Refused
from archive.models import ProtocolComment
from archive.protocols import workflow
from archive.protocols.comments import comment
from home.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(users):
    client = Client()
    client.force_login(users[Role.STEERING_GROUP.value])
    return client


def test_member_comments_on_the_page(document, editor, member, users):
    workflow.submit(document.protocol, user=editor)
    address = reverse("archive:review", args=[document.pk])

    response = member.post(address, {"text": "Seite 2: <b>Frist</b> fehlt."})
    member.post(address, {"text": "Seite 2: <b>Frist</b> fehlt."})

    said = ProtocolComment.objects.get()
    assert response["Location"] == f"{address}#anmerkung-{said.pk}"
    assert (said.author, said.version) == (users[Role.STEERING_GROUP.value], document.current_version)
    page = member.get(address)
    assert "Seite 2: &lt;b&gt;Frist&lt;/b&gt; fehlt." in page.text
    assert {"private", "no-store"} <= set(page["Cache-Control"].split(", "))


def test_comment_needs_the_form_of_the_site(document, editor, users):
    workflow.submit(document.protocol, user=editor)
    client = Client(enforce_csrf_checks=True)
    client.force_login(users[Role.STEERING_GROUP.value])

    response = client.post(reverse("archive:review", args=[document.pk]), {"text": "Untergeschoben"})

    assert response.status_code == 403
    assert not ProtocolComment.objects.exists()


def test_empty_comment_is_explained(document, editor, member):
    workflow.submit(document.protocol, user=editor)

    page = member.post(reverse("archive:review", args=[document.pk]), {"text": "  "}).text

    assert "Bitte prüfen Sie Ihre Angaben" in page


def test_nobody_comments_after_the_release(released, member, users):
    with pytest.raises(Refused, match="Die Abstimmung ist beendet"):
        comment(released, "Zu spät", user=users[Role.STEERING_GROUP.value])

    page = member.post(reverse("archive:review", args=[released.pk]), {"text": "Zu spät"}).text

    assert "Die Abstimmung ist beendet" in page
    assert not ProtocolComment.objects.exists()

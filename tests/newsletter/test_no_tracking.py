"""No pixel and no rewritten link: every address in a mail is one that an editor wrote or a page of the site."""

import re
from urllib.parse import urlsplit

import pytest

from newsletter import tokens
from newsletter.sending import delivering, mailings
from tests.pictures import make_image

pytestmark = pytest.mark.django_db
OUTSIDE = "https://example.org/anmeldung?quelle=flyer&jahr=2025"
# Everything in HTML and CSS that makes a program fetch something or lead somewhere.
_HTML_URLS = re.compile(r"""(?:href|src|srcset|background|action|poster|data)\s*=\s*["']([^"']*)["']|url\(([^)]*)\)""")
_TEXT_URLS = re.compile(r"https?://\S+")


def addresses_in(mail) -> tuple[set[str], set[str]]:
    html = mail.get_body(("html",)).get_content().replace("&amp;", "&")
    plain = mail.get_body(("plain",)).get_content()
    return {one or other for one, other in _HTML_URLS.findall(html)}, set(_TEXT_URLS.findall(plain))


@pytest.fixture
def mails(issue, subscribe, smtp_server):
    """What two readers get of an issue with a picture and a link to another website."""
    image = make_image()
    issue.body = [
        ("text", f'<p>Bitte <a href="{OUTSIDE.replace("&", "&amp;")}">melden Sie sich an</a>.</p>'),
        ("image", {"image": image, "caption": "", "alternative": ""}),
        ("call_to_action", {"text": "Weiter", "button": "Zur Anmeldung", "page": None, "url": OUTSIDE}),
    ]
    issue.save_revision().publish()
    readers = [subscribe(f"leser{number}@example.org") for number in range(2)]
    delivering.deliver(mailings.start_mailing(issue).pk)
    found = {mail.recipients[0]: mail.message for mail in smtp_server.received}
    return [(reader, found[reader.email]) for reader in readers]


def test_every_address_in_a_mail_is_one_of_the_issue_or_of_the_site(mails):
    for reader, mail in mails:
        html, plain = addresses_in(mail)

        for address in html | plain:
            ours = urlsplit(address)
            assert address == OUTSIDE or (
                (ours.scheme, ours.netloc, ours.query, ours.fragment) == ("https", "www.example.org", "", "")
            ), address
        assert OUTSIDE in html and OUTSIDE in plain, "not even a mark is hung on it"
        assert reader.email not in str(html | plain)


def test_mails_differ_in_the_two_links_of_their_reader_only(mails):
    personal = [
        {
            f"https://www.example.org/newsletter/abmelden/{tokens.make('unsubscribe', reader.key)}/",
            f"https://www.example.org/newsletter/einstellungen/{tokens.make('settings', reader.key)}/",
        }
        for reader, _mail in mails
    ]

    (first_html, first_plain), (second_html, second_plain) = (addresses_in(mail) for _reader, mail in mails)

    assert first_html - second_html == first_plain - second_plain == personal[0]
    assert second_html - first_html == second_plain - first_plain == personal[1]


def test_pictures_are_shown_in_their_size_and_come_from_the_site(mails):
    for _reader, mail in mails:
        html = mail.get_body(("html",)).get_content()
        pictures = re.findall(r"<img[^>]*>", html)

        assert pictures
        for one in pictures:
            assert re.search(r'src="https://www\.example\.org/(media|static)/[^"?]+"', one), one
            assert not re.search(r'(?:width|height)="[01](?:px)?"', one), "a picture of one pixel counts readers"

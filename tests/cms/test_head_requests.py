"""HEAD gets the headers of GET and no body, so that the server has nothing to complain about in the log."""

from __future__ import annotations

import io

import pytest
from django.core.wsgi import get_wsgi_application
from werkzeug.test import Client, run_wsgi_app
from werkzeug.test import EnvironBuilder as Request

from cms.head_requests import WithoutBodyForHead
from cms.page_memory import PageMemory
from tests.proxy import one_connection

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/readyz", "/projekt/", "/konto/login/", "/gibt-es-nicht/"])
def test_head_has_the_headers_of_get_and_no_body(page, path):
    with one_connection():
        visitor = Client(WithoutBodyForHead(get_wsgi_application()), use_cookies=False)

        head, whole = visitor.head(path), visitor.get(path)

    assert head.status == whole.status
    assert list(head.headers.keys()) == list(whole.headers.keys())
    assert (head.data, whole.data == b"") == (b"", False)


def test_what_is_not_sent_is_closed():
    file = io.BytesIO(b"many bytes")

    def site(_environ, start_response):
        start_response("200 OK", [("Content-Length", "10")])
        return file

    body, status, headers = run_wsgi_app(WithoutBodyForHead(site), Request(method="HEAD").get_environ())

    assert (list(body), status, headers["Content-Length"]) == ([], "200 OK", "10")
    assert file.closed


def test_the_server_gets_no_body_for_head():
    from cms.wsgi import application

    assert isinstance(application, PageMemory)
    assert isinstance(application.application, WithoutBodyForHead)

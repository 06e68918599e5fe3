"""The pages behind a share link. They say nothing about a document that the link does not open."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TypeVar

from django.shortcuts import render
from django.views.decorators.http import require_safe

from archive.delivery import deliver
from archive.file_types import FILE_TYPES, extension_of
from archive.sharing import linking

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer", bound="HttpResponseBase")


@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """`/archiv/teilen/<token>/`: what is shared, until when, and a button to get it."""
    try:
        found = linking.find(token)
    except linking.LinkGone:
        return _gone(request)
    context = {
        "shared": found,
        "document": found.document,
        "version": found.version,
        "file_type": FILE_TYPES[extension_of(found.version.original_name)],
        "token": token,
    }
    return _secret(render(request, "archive/sharing/shared.html", context))


@require_safe
def shared_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """`/archiv/teilen/<token>/datei/`: the file."""
    try:
        found = linking.find(token)
    except linking.LinkGone:
        return _gone(request)
    try:
        response, counts = deliver(request, found.document, found.version, is_public=False)
    except FileNotFoundError:
        # `verify_archive` and the desk of the editors name it.
        logger.error("the file of version %s is missing", found.version.pk)
        return _gone(request)
    if counts:
        linking.count_use(found.link)
    return _secret(response)


def _gone(request: HttpRequest) -> HttpResponse:
    """The same page, whether a link never was, is over, revoked, or its document is gone."""
    return _secret(render(request, "archive/sharing/gone.html", status=404))


def _secret(response: Answer) -> Answer:
    """The address is the key: nobody keeps the page, lists it or passes its address on."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response

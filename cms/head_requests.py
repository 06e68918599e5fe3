"""HEAD is answered without a body (RFC 9110, 9.3.2), whatever a view returns.

Django leaves that to the server, and gunicorn drops the body with a warning: one line in the log for each probe of a
monitor.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


class WithoutBodyForHead:
    """A WSGI application (PEP 3333) around that of the site; the headers stay, with the length that GET would have."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = self.application(environ, start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return answer
        # Ends the request for Django: files are closed, connections given back.
        if close := getattr(answer, "close", None):
            close()
        return []

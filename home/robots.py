"""`/robots.txt`."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

RULES = """\
User-agent: *
Disallow: /admin/
Disallow: /konto/
Disallow: /newsletter/bestaetigen/
Disallow: /newsletter/einstellungen/
Disallow: /newsletter/abmelden/

Sitemap: {base_url}/sitemap.xml
"""


def robots(request: HttpRequest) -> HttpResponse:
    """`/robots.txt` (RFC 9309)."""
    return HttpResponse(RULES.format(base_url=settings.BASE_URL), content_type="text/plain; charset=utf-8")

"""All addresses of the site. The order matters: what comes first wins."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib.sitemaps.views import sitemap
from django.templatetags.static import static
from django.urls import include, path, re_path
from django.utils.functional import lazy
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from archive.sitemap import ArchiveSitemap, DocumentSitemap
from cms.accounts import views as account_views
from cms.media import picture
from home.pages.routing import serve as serve_page
from home.robots import robots
from home.sitemaps import OfficeSitemap, PageSitemap, PlaceSitemap, ReportsSitemap

SITEMAPS = {
    "pages": PageSitemap,
    "places": PlaceSitemap,
    "reports": ReportsSitemap,
    "offices": OfficeSitemap,
    "archive": ArchiveSitemap,
    "documents": DocumentSitemap,
}


urlpatterns = [
    path("robots.txt", robots),
    # Browsers ask for it unbidden, whatever icon a page names.
    path("favicon.ico", RedirectView.as_view(url=lazy(static, str)("img/emblem.svg"))),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}),
    # Before Wagtail's own: else a password alone opens the dashboard beside the second factor.
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    re_path(r"^admin/password_reset/", RedirectView.as_view(pattern_name="account_reset_password")),
    path("admin/", include(wagtailadmin_urls)),
    path("konto/", account_views.overview, name="account"),
    path("konto/ansehen-als/", account_views.view_as, name="account_view_as"),
    path("konto/einladung/<str:token>/", account_views.invitation, name="account_invitation"),
    path("konto/zugang-anfragen/", account_views.request_access, name="account_request_access"),
    # Addresses are changed by the administration: who could change one would receive the codes sent to it.
    re_path(r"^konto/(?:email|confirm-email)/", RedirectView.as_view(pattern_name="account")),
    path("konto/", include("allauth.urls")),
    path("archiv/", include("archive.urls")),
    path("newsletter/", include("newsletter.urls")),
    path("", include("home.urls")),
    # Renditions of public images. Behind a proxy this is never reached: it serves the same directory itself.
    re_path(r"^media/(?P<path>images/.+)$", picture),
]
if settings.DEMO_OUTBOX:
    urlpatterns.append(path("postfach/", include("cms.demo.urls")))
urlpatterns += i18n_patterns(
    # Wagtail's login for private pages would accept a password alone.
    path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    re_path(wagtail_urls.serve_pattern, serve_page, name="wagtail_serve"),
    # For the names of its other addresses.
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)

"""The addresses of the site, and one that breaks."""

from django.urls import path

from cms.urls import urlpatterns as of_the_site


def broken(request):
    raise RuntimeError("geheimer Grund")


urlpatterns = [path("kaputt/", broken), *of_the_site]

"""The site, with its memory for pages, for servers that speak ASGI."""

from asgiref.wsgi import WsgiToAsgi

from cms.wsgi import application as site

application = WsgiToAsgi(site)

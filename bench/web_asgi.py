"""The site, with its memory for pages, for servers that speak ASGI."""

import os

from asgiref.wsgi import WsgiToAsgi
from django.db import connections

# The server loads this inside of its loop, where Django lets nobody look whether the database answers.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from cms.wsgi import application as site

application = WsgiToAsgi(site)
# Each request may have a thread of its own there, and a connection that is kept would be kept for nobody.
connections.databases["default"]["CONN_MAX_AGE"] = 0

"""The site, with its memory for pages, for servers that speak ASGI."""

import os

from a2wsgi import WSGIMiddleware

# The server loads this inside of its loop, where Django lets nobody look whether the database answers.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from cms.wsgi import application as site

# One thread, as granian gets one: each has a connection to the database.
application = WSGIMiddleware(site, workers=1)

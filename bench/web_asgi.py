"""The site for servers that speak ASGI."""

from django.core.asgi import get_asgi_application
from django.db import connections

application = get_asgi_application()
# Each request has a thread of its own there, and a connection that is kept would be kept for nobody.
connections.databases["default"]["CONN_MAX_AGE"] = 0

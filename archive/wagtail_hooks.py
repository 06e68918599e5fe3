"""What the archive adds to the admin and to the search of the site."""

from wagtail import hooks

from archive import failures
from archive.sharing import admin as sharing
from archive.shelf import documents_found
from archive.usage import reports as usage
from home.editing import desk
from home.search import findings

hooks.register(desk.FAILURE_HOOK, failures.unread_documents, order=20)
hooks.register(desk.FAILURE_HOOK, failures.failed_documentations, order=30)
hooks.register(findings.HOOK, documents_found)
sharing.register()
usage.register()

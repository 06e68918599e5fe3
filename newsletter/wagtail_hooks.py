"""What the newsletter adds to Wagtail's admin."""

from wagtail import hooks

from home.editing import desk
from newsletter.models import NewsletterIssuePage

hooks.register(desk.HOOK, desk.new_page("Newsletter vorbereiten", "mail", NewsletterIssuePage))

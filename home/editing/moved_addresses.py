"""Old addresses of offices and topics go on working when their slug changes. Wagtail does the same for pages itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models.signals import post_save, pre_save
from wagtail.contrib.redirects.models import Redirect

from home.people import CoordinationOffice, Topic

if TYPE_CHECKING:
    from django.db.models import Model


def remember_address(sender: type[Model], instance: Any, raw: bool = False, **_: Any) -> None:
    """Before a save: what the address was until now."""
    before: Any = None if raw or instance.pk is None else sender._default_manager.filter(pk=instance.pk).first()
    instance.address_before = before.get_absolute_url() if before else None


def leave_redirect(sender: type[Model], instance: Any, **_: Any) -> None:
    """After a save: a permanent redirect from the old address, and from those that led there."""
    old, new = instance.address_before, instance.get_absolute_url()
    if old is None or old == new:
        return
    # Who takes an old name back must not be sent away, nor in circles.
    Redirect.objects.filter(old_path=Redirect.normalise_path(new)).delete()
    Redirect.objects.filter(redirect_link=old).update(redirect_link=new)
    Redirect.objects.filter(old_path=Redirect.normalise_path(old)).delete()
    Redirect.add_redirect(old, redirect_to=new, is_permanent=True, automatically_created=True)


def keep_addresses() -> None:
    """Called once, when the app is ready."""
    for model in (CoordinationOffice, Topic):
        name = model.__name__
        pre_save.connect(remember_address, sender=model, dispatch_uid=f"remember_address_{name}")
        post_save.connect(leave_redirect, sender=model, dispatch_uid=f"leave_redirect_{name}")

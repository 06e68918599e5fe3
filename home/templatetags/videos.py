"""Videos that load on request: the frame that waits, and what the page must be allowed to load."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.loader import get_template

from home.blocks.video import VideoValue

register = template.Library()


@register.simple_tag(takes_context=True)
def waiting_frame(context: dict[str, Any], video: VideoValue) -> str:
    """A document of our own for the frame of a video: a link to the player, which asks nobody before it is followed.

    Returns its HTML, not yet escaped for `srcdoc`; "" if the address has no player. The player's origin is noted at the
    request, for the content security policy of this one page (see `SecurityHeadersMiddleware`).
    """
    player, request = video.player, context.get("request")
    if player is None:
        return ""
    if request is not None:
        request.frame_sources = {*getattr(request, "frame_sources", ()), player.origin}
    return str(get_template("components/video_frame.html").render({"video": video, "player": player}))

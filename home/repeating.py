"""Answers that may be given again without the view: to others who ask for the same within some seconds.

A view that has just answered a visitor says so of its answer, and names what each repetition must not leave out.
`cms.page_memory` keeps to it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.http import HttpRequest

    # Called with the environment of each further request (PEP 3333); to be pickled, so a function or a partial of one.
    EachTime = Callable[[dict[str, Any]], None]

KEY = "ikoe.repeating"


def may_repeat(request: HttpRequest, each_time: EachTime) -> None:
    """Allow the answer to this request to be repeated; `each_time` is called before every repetition."""
    request.META[KEY] = each_time

"""Errors for Sentry (https://develop.sentry.dev/sdk/): where in the code, and nothing about whom.

An event is made anew of the few things that hold no data. The words of an exception may quote an address or a name, so
they stay in the log of the machine; type and place are enough to find them there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

KEPT = ("event_id", "timestamp", "level", "logger", "platform", "release", "environment", "sdk")
KEPT_OF_FRAME = ("filename", "abs_path", "module", "function", "lineno", "pre_context", "context_line", "post_context")


def report_to(dsn: str) -> None:
    """Tell errors to the server of `dsn` from now on; "" tells nobody."""
    if not dsn:
        return
    import sentry_sdk

    sentry_sdk.init(
        dsn=dsn,
        before_send=without_data,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        # Errors only: no sessions, no traces, no reports about what was left out.
        auto_session_tracking=False,
        send_client_reports=False,
        enable_logs=False,
    )


def without_data(event: Event, hint: Hint) -> Event:
    """Only what the program itself says: type of the exception, lines of code, pattern of the address, name of a task.

    Bodies, cookies, queries, headers, users, local variables, arguments and words of exceptions are gone.
    """
    kept: dict[str, Any] = {name: event[name] for name in KEPT if name in event}  # type: ignore[literal-required]
    if "exception" in event:
        values = event["exception"].get("values") or []
        kept["exception"] = {"values": [_exception(value) for value in values]}
    # Django's integration puts the pattern of the route there, Celery's the name of the task; an address without a
    # route would be itself.
    if event.get("transaction_info", {}).get("source") in ("route", "task", "component"):
        kept["transaction"] = event["transaction"]
    if message := event.get("logentry", {}).get("message"):
        # As it stands in the code, with %s for what it was about.
        kept["logentry"] = {"message": message}
    return kept  # type: ignore[return-value]


def _exception(value: dict[str, Any]) -> dict[str, Any]:
    frames = (value.get("stacktrace") or {}).get("frames") or []
    return {
        "type": value.get("type"),
        "module": value.get("module"),
        "mechanism": {"type": (value.get("mechanism") or {}).get("type", "generic")},
        "stacktrace": {
            "frames": [{name: frame[name] for name in KEPT_OF_FRAME if name in frame} for frame in frames],
        },
    }

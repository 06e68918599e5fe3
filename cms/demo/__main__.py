"""`python -m cms.demo`, which is `make demo`: PORT=8000, SERVE=1, VAR_DIR=var/."""

from __future__ import annotations

import logging
import os
import sys

from cms.demo import environment, preflight
from cms.demo.launch import end_with_parent


def _log_to_file(demo: environment.Demo) -> None:
    """The terminal belongs to the steps."""
    handler = logging.FileHandler(demo.log / "demo.log", mode="w", encoding="utf-8")
    handler.setFormatter(logging.Formatter("{asctime} {levelname} {name} {message}", style="{"))
    logging.getLogger().handlers = [handler]
    logging.captureWarnings(True)


def main() -> int:
    """Run the demo; returns the exit status."""
    if "MAKELEVEL" in os.environ:
        end_with_parent()  # Who kills make does not want the website to stay.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # A terminal without UTF-8 has no tick.
    os.chdir(environment.BASE_DIRECTORY)
    try:
        demo = environment.demo_from(os.environ)
        preflight.make_directories(demo)
        environment.apply(demo)
    except environment.DemoError as error:
        print(error, file=sys.stderr)
        return 1

    import django

    django.setup()
    _log_to_file(demo)

    from cms.demo.runner import run

    return run(demo)


if __name__ == "__main__":
    sys.exit(main())

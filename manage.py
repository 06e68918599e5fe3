#!/usr/bin/env python
"""Run an administrative command of the site."""

import os
import sys


def main() -> None:
    """Run the command that the arguments name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings")
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        execute_from_command_line(sys.argv)
    except OperationalError:
        from cms.checks import require_database

        require_database()
        raise


if __name__ == "__main__":
    main()

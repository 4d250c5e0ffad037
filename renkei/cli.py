"""``renkei``: the command line, built on Django commands."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run one command; without DJANGO_SETTINGS_MODULE the production settings apply."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renkei.settings.production")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

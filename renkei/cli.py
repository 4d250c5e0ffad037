"""``renkei``: the command line, built on Django commands."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

# What people type → the module's name, which must be importable.
COMMANDS = {"import": "import_register"}


def main() -> None:
    """Run one command; without DJANGO_SETTINGS_MODULE the production settings apply."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renkei.settings.production")
    program, *rest = sys.argv
    # Commands are written with hyphens; Python modules cannot be.
    command = [
        COMMANDS.get(word, word.replace("-", "_")) if not word.startswith("-") else word
        for word in rest[:1]
    ]
    execute_from_command_line([program, *command, *rest[1:]])


if __name__ == "__main__":
    main()

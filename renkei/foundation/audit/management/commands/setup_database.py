"""``renkei setup-database``: migrate as the owner, then give the application its rights."""

from __future__ import annotations

from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from renkei.foundation.audit import startup
from renkei.foundation.audit.database_rights import connected_as_owner, grant_rights


class Command(BaseCommand):
    help = "データベースを最新の形にして、アプリケーションの役割に権限を与えます。"
    # The checks read tables that do not exist before the first run; they follow at the end.
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        """Safe to run again; the second time nothing changes."""
        role = str(settings.DATABASES["default"]["USER"])
        try:
            with connected_as_owner() as connection:
                call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
                call_command("createcachetable", verbosity=0)
                if connection.settings_dict["USER"] != role:
                    grant_rights(connection, role)
                # Now that the tables are there: production refuses the accounts of the demo.
                call_command("check", databases=["default"], tags=["database"], stdout=StringIO())
            startup.run_all(lambda name: call_command(name, skip_checks=True, stdout=self.stdout))
        except OperationalError as error:
            raise CommandError(
                "データベースにつながりません。DATABASE_URL と DATABASE_OWNER_URL を"
                f"確かめてください。（{error}）"
            ) from error
        self.stdout.write("データベースの準備ができました。")

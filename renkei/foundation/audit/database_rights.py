"""Two database roles: the owner migrates, the application works and only adds to the trail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend
from psycopg import sql

from renkei.foundation.audit.models import AuditEvent

ALIAS = "default"
MAINTAIN_SINCE = 17_00_00


@contextmanager
def connected_as_owner() -> Iterator[BaseDatabaseWrapper]:
    """Let everything inside run on the owner's connection instead of the application's."""
    owner: dict[str, Any] | None = settings.DATABASE_OWNER
    application = connections[ALIAS]
    if owner is None:
        yield application
        return
    # No pool: the owner comes once, for the migrations.
    config = {**application.settings_dict, **owner, "OPTIONS": {}}
    connections[ALIAS] = load_backend(config["ENGINE"]).DatabaseWrapper(config, ALIAS)
    try:
        yield connections[ALIAS]
    finally:
        connections[ALIAS].close()
        connections[ALIAS] = application


def grant_rights(connection: BaseDatabaseWrapper, role: str) -> None:
    """Give ``role`` what the web, worker and live processes need, and no more.

    The audit trail may be read and added to; changing and removing stay with the owner, whom the
    triggers stop as well.
    """
    trail = sql.Identifier(AuditEvent._meta.db_table)  # noqa: SLF001 - Django's public Meta API
    who = sql.Identifier(role)
    statements = [
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(who),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(
            who
        ),
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(who),
        sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(trail, who),
    ]
    with connection.cursor() as cursor:
        if connection.connection.info.server_version >= MAINTAIN_SINCE:
            # Statistics after a large import; older servers leave that to autovacuum.
            statements.append(
                sql.SQL("GRANT MAINTAIN ON ALL TABLES IN SCHEMA public TO {}").format(who)
            )
        for statement in statements:
            cursor.execute(statement)

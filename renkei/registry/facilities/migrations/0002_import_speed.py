"""What the bulk import needs from the owner of the tables: see docs/adr/0005-bulk-import.md."""

from __future__ import annotations

from django.db import migrations

# The application's role does not own the table, so it cannot drop or create its index by itself.
# One fixed index, one fixed definition, no argument that reaches SQL.
SEARCH_INDEX = """
CREATE FUNCTION renkei_drop_search_index() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
AS $$ DROP INDEX IF EXISTS facility_document $$;

CREATE FUNCTION renkei_build_search_index() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
SET maintenance_work_mem = '256MB'
AS $$ CREATE INDEX IF NOT EXISTS facility_document ON facilities_facility USING gin (document) $$;
"""
DROP_SEARCH_INDEX = """
DROP FUNCTION renkei_drop_search_index();
DROP FUNCTION renkei_build_search_index();
"""


class Migration(migrations.Migration):
    dependencies = [("facilities", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE facilities_stagedrow SET UNLOGGED",
            "ALTER TABLE facilities_stagedrow SET LOGGED",
        ),
        migrations.RunSQL(SEARCH_INDEX, DROP_SEARCH_INDEX),
    ]

"""The search index as a narrow table of its own."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

# The application's role reads and writes rows but owns nothing, so filling the index anew needs
# functions that run with their owner's rights. They name everything and take no argument.
INDEXES = {
    "search_document": "USING gin (document) WITH (fastupdate = off)",
    "search_document_partner": "USING gin (document_partner) WHERE document_partner IS NOT NULL",
    "search_document_government": "USING gin (document_government) WHERE document_government IS NOT NULL",
    "search_by_name": "(name_order, facility_id)",
    "search_by_date": "(fresh_on DESC, name_order, facility_id)",
    "search_by_position": "(latitude, longitude)",
}
DROPS = "\n".join(f"  DROP INDEX IF EXISTS public.{name};" for name in INDEXES)
CREATES = "\n".join(
    f"  CREATE INDEX {name} ON public.facilities_searchentry {definition};"
    for name, definition in INDEXES.items()
)
STORAGE = """
-- Documents always lie outside the row: ordering a broad result reads narrow rows only.
ALTER TABLE facilities_searchentry SET (toast_tuple_target = 128);
ALTER TABLE facilities_searchentry ALTER COLUMN name_order SET STORAGE PLAIN;
ALTER TABLE facilities_searchentry ALTER COLUMN document SET STORAGE EXTERNAL;
"""
FUNCTIONS = f"""
CREATE FUNCTION facilities_search_clear() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET maintenance_work_mem = '256MB' AS $$
BEGIN
  TRUNCATE public.facilities_searchentry;
{DROPS}
END $$;
CREATE FUNCTION facilities_search_build() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET maintenance_work_mem = '256MB' AS $$
BEGIN
  SET CONSTRAINTS ALL IMMEDIATE;  -- rows just copied wait for their check otherwise
{CREATES}
  ANALYZE public.facilities_searchentry;
END $$;
"""
DROP_FUNCTIONS = "DROP FUNCTION facilities_search_clear(); DROP FUNCTION facilities_search_build();"


class Migration(migrations.Migration):
    dependencies = [("facilities", "0003_local_lists")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "facility",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_entry",
                        serialize=False,
                        to="facilities.facility",
                    ),
                ),
                ("name_order", models.BinaryField(max_length=48, verbose_name="50音順の鍵")),
                ("fresh_on", models.DateField(verbose_name="情報の日付")),
                (
                    "audience",
                    models.PositiveSmallIntegerField(default=0, verbose_name="見せる相手"),
                ),
                ("latitude", models.FloatField(null=True, verbose_name="緯度")),
                ("longitude", models.FloatField(null=True, verbose_name="経度")),
                (
                    "municipality_code",
                    models.IntegerField(null=True, verbose_name="市区町村コード"),
                ),
                ("facets", models.BigIntegerField(verbose_name="特徴")),
                ("document", django.contrib.postgres.search.SearchVectorField()),
                ("document_partner", django.contrib.postgres.search.SearchVectorField(null=True)),
                (
                    "document_government",
                    django.contrib.postgres.search.SearchVectorField(null=True),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["document"], name="search_document"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("document_partner__isnull", False)),
                        fields=["document_partner"],
                        name="search_document_partner",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("document_government__isnull", False)),
                        fields=["document_government"],
                        name="search_document_government",
                    ),
                    models.Index(fields=["name_order", "facility"], name="search_by_name"),
                    models.Index(
                        fields=["-fresh_on", "name_order", "facility"], name="search_by_date"
                    ),
                    models.Index(fields=["latitude", "longitude"], name="search_by_position"),
                ],
            },
        ),
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        # The index they were for moves with the documents; search.store.replace_all calls the new ones.
        migrations.RunSQL(
            "DROP FUNCTION renkei_drop_search_index(); DROP FUNCTION renkei_build_search_index();"
        ),
        migrations.RemoveIndex(model_name="facility", name="facility_document"),
        migrations.RemoveField(model_name="facility", name="document"),
        migrations.RemoveField(model_name="facility", name="document_partner"),
        migrations.RemoveField(model_name="facility", name="document_government"),
    ]

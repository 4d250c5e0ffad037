"""Scenes are called by one code each: the indicators take those of plans, issues and councils."""

import django.contrib.postgres.fields
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

CODES = {"discharge": "hospital", "emergency": "acute", "end_of_life": "end"}


def rename(apps: StateApps, codes: dict[str, str]) -> None:
    versions = apps.get_model("indicators", "IndicatorVersion").objects
    changed = []
    for version in versions.filter(scenes__overlap=list(codes)):
        version.scenes = [codes.get(scene, scene) for scene in version.scenes]
        changed.append(version)
    versions.bulk_update(changed, ["scenes"])


def forwards(apps: StateApps, _editor: BaseDatabaseSchemaEditor | None) -> None:
    rename(apps, CODES)


def backwards(apps: StateApps, _editor: BaseDatabaseSchemaEditor | None) -> None:
    rename(apps, {new: old for old, new in CODES.items()})


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0004_scenarios"),
    ]

    operations = [
        migrations.AlterField(
            model_name="indicatorversion",
            name="scenes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("daily", "日常の療養支援"),
                        ("hospital", "入退院支援"),
                        ("acute", "急変時の対応"),
                        ("end", "看取り"),
                        ("programme", "事業全体"),
                        ("region", "地域のすがた"),
                    ],
                    max_length=16,
                ),
                size=None,
                verbose_name="場面",
            ),
        ),
        migrations.RunPython(forwards, backwards),
    ]

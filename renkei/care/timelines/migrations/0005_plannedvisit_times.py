"""A person is visited more than once a day: each visit of a day has its own time."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("timelines", "0004_printedsheet")]

    operations = [
        migrations.AddConstraint(
            model_name="plannedvisit",
            constraint=models.UniqueConstraint(
                fields=("membership", "patient", "on", "at"),
                name="planned_visit_once_a_time",
                nulls_distinct=False,
            ),
        ),
        migrations.RemoveConstraint(model_name="plannedvisit", name="planned_visit_once_a_day"),
    ]

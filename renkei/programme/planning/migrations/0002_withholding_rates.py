"""Rates proposed with the product. None is confirmed: a town compares them with the law in force.

Source: 所得税法 204条・205条 and 復興財源確保法 (10.21%), 所得税法 185条 乙欄 and 別表 (3.063%),
both as known, not looked up; 所得税基本通達 28-7 on whether a fee of a council is one of these.
"""

from datetime import date
from decimal import Decimal

from django.db import migrations
from psycopg.types.range import Range

# 復興特別所得税 is raised from 2013-01-01 on.
FROM = date(2013, 1, 1)
RATES = (
    ("fee", "報酬・料金として", "10.21", "所得税法204条、復興特別所得税を含む（未確認）"),
    ("salary-b", "給与（乙欄）として", "3.063", "所得税法185条、月88,000円未満（未確認）"),
    ("none", "源泉徴収しない", "0", "所得税基本通達28-7のただし書に当たるとき（未確認）"),
)


def add(apps, schema_editor):  # noqa: ANN001, ANN201, ARG001 - the shape of a data step
    rate = apps.get_model("planning", "WithholdingRate")
    for code, name, percent, source in RATES:
        rate.objects.get_or_create(
            area=None,
            code=code,
            defaults={
                "name": name,
                "percent": Decimal(percent),
                "period": Range(FROM, None),
                "source": source,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("planning", "0001_councils_and_meetings")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]

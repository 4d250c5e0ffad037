from datetime import time

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Site",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region_name", models.CharField(max_length=60, verbose_name="地域の名前")),
                (
                    "title",
                    models.CharField(
                        default="在宅医療・介護の連携", max_length=60, verbose_name="サイトの名前"
                    ),
                ),
                (
                    "desk_name",
                    models.CharField(
                        default="相談窓口", max_length=60, verbose_name="相談窓口の名前"
                    ),
                ),
                (
                    "desk_phone",
                    models.CharField(blank=True, max_length=20, verbose_name="相談窓口の電話番号"),
                ),
                (
                    "desk_fax",
                    models.CharField(blank=True, max_length=20, verbose_name="相談窓口のFAX番号"),
                ),
                (
                    "desk_opens_at",
                    models.TimeField(default=time(8, 30), verbose_name="受付の始まり"),
                ),
                (
                    "desk_closes_at",
                    models.TimeField(default=time(17, 15), verbose_name="受付の終わり"),
                ),
                (
                    "desk_place",
                    models.CharField(blank=True, max_length=200, verbose_name="相談窓口の場所"),
                ),
                (
                    "office_name",
                    models.CharField(blank=True, max_length=120, verbose_name="担当の部署"),
                ),
                (
                    "office_address",
                    models.CharField(blank=True, max_length=200, verbose_name="担当の部署の住所"),
                ),
                (
                    "office_phone",
                    models.CharField(
                        blank=True, max_length=20, verbose_name="担当の部署の電話番号"
                    ),
                ),
                (
                    "security_contact",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="情報セキュリティの連絡先"
                    ),
                ),
                (
                    "basemap_url",
                    models.CharField(
                        blank=True,
                        help_text="空のままなら背景地図を使いません。入れると、見る人の端末がその提供元に接続します。",
                        max_length=300,
                        verbose_name="背景地図のアドレス",
                    ),
                ),
                (
                    "basemap_attribution",
                    models.CharField(blank=True, max_length=200, verbose_name="背景地図の出典"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="portal_site_one_row"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("desk_closes_at__gt", models.F("desk_opens_at"))),
                        name="portal_site_desk_closes_after_it_opens",
                        violation_error_message="受付の終わりは始まりより後の時刻を入力してください。",
                    ),
                ],
            },
        ),
    ]

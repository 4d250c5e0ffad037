"""Places and services (the register proper)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from renkei.foundation.accounts.models import Organisation
from renkei.foundation.areas.models import Area


class CoordinatesFrom(models.TextChoices):
    """Where a position on the map comes from."""

    OFFICIAL = "official", "公表データ"
    TOWN = "town", "推定（町の中心）"
    LOCAL = "local", "市町村の調べ"
    NONE = "none", "位置不明"


class ListingStatus(models.TextChoices):
    """Whether the latest official file still names it. A record is never deleted by an import."""

    LISTED = "listed", "掲載中"
    POSSIBLY_ENDED = "possibly_ended", "掲載終了の可能性"
    SUSPENDED = "suspended", "休止"
    ENDED = "ended", "廃止"


class Dataset(models.Model):
    """The latest state of one official dataset in one prefecture: as of which day its rows are.

    The as-of date of an unchanged record moves with its dataset, so a new snapshot with the same
    values costs one row here and none in ``Service``.
    """

    source = models.CharField("出典", max_length=20)  # a key of catalogue.SOURCES
    code = models.CharField("データの種類", max_length=20)  # e.g. "130", "02-1"
    prefecture_code = models.CharField("都道府県番号", max_length=2)
    as_of = models.DateField("基準日")
    file = models.ForeignKey("facilities.ImportFile", models.PROTECT, related_name="datasets")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["source", "code", "prefecture_code"], name="dataset_one_per_prefecture"
            ),
        )


class Facility(models.Model):
    """One place: what residents look for. Its services may come from several files.

    Columns repeat the effective values of its services so that a list page is one query. They are
    written by ``services.refresh`` alone. What search needs lies in ``SearchEntry``.
    """

    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="facilities"
    )
    name = models.CharField("名称", max_length=300)
    kana = models.CharField("名称（カナ）", max_length=400, blank=True)
    sort_key = models.CharField("50音順の鍵", max_length=200)
    postcode = models.CharField("郵便番号", max_length=8, blank=True)
    address = models.CharField("住所", max_length=400, blank=True)
    building = models.CharField("方書", max_length=300, blank=True)
    municipality = models.ForeignKey(
        Area, models.PROTECT, null=True, related_name="facilities", verbose_name="市区町村"
    )
    prefecture_code = models.CharField("都道府県番号", max_length=2, blank=True)
    latitude = models.FloatField("緯度", null=True, blank=True)
    longitude = models.FloatField("経度", null=True, blank=True)
    coordinates_from = models.CharField(
        "位置の出どころ", max_length=10, choices=CoordinatesFrom, default=CoordinatesFrom.NONE
    )
    phone = models.CharField("電話番号", max_length=60, blank=True)
    corporate_name = models.CharField("法人の名称", max_length=300, blank=True)
    service_codes = ArrayField(
        models.CharField(max_length=20), verbose_name="サービス", default=list
    )
    capabilities = ArrayField(models.CharField(max_length=40), verbose_name="機能", default=list)
    status = models.CharField(
        "掲載の状態", max_length=20, choices=ListingStatus, default=ListingStatus.LISTED
    )
    # The newest of: day the town confirmed it, as-of day of its datasets.
    fresh_on = models.DateField("情報の日付")
    confirmed_on = models.DateField("確認日", null=True, blank=True)
    confirmed_with = models.CharField("確認の方法", max_length=60, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["sort_key", "id"], name="facility_by_name"),
            models.Index(fields=["-fresh_on", "id"], name="facility_by_freshness"),
            models.Index(fields=["latitude", "longitude"], name="facility_by_position"),
            models.Index(fields=["municipality", "sort_key"], name="facility_by_municipality"),
        )

    def __str__(self) -> str:
        return self.name


class ListingValues(models.Model):
    """What one source says about one service; the columns of the register and of staging."""

    source = models.CharField("出典", max_length=20)
    source_key = models.CharField("出典での番号", max_length=60)
    service_code = models.CharField("サービス", max_length=20)  # a key of catalogue.SERVICES
    dataset = models.CharField("データの種類", max_length=20)
    prefecture_code = models.CharField("都道府県番号", max_length=2, blank=True)
    municipality_code = models.CharField("市区町村コード", max_length=6, blank=True)
    name = models.CharField("事業所名", max_length=300)
    kana = models.CharField("事業所名（カナ）", max_length=400, blank=True)
    postcode = models.CharField("郵便番号", max_length=8, blank=True)
    address = models.CharField("住所", max_length=400, blank=True)
    building = models.CharField("方書", max_length=300, blank=True)
    latitude = models.FloatField("緯度", null=True, blank=True)
    longitude = models.FloatField("経度", null=True, blank=True)
    coordinates_from = models.CharField("位置の出どころ", max_length=10, choices=CoordinatesFrom)
    phone = models.CharField("電話番号", max_length=60, blank=True)
    fax = models.CharField("FAX番号", max_length=60, blank=True)
    email = models.CharField("メールアドレス", max_length=200, blank=True)
    url = models.CharField("URL", max_length=600, blank=True)
    corporate_number = models.CharField("法人番号", max_length=13, blank=True)
    corporate_name = models.CharField("法人の名称", max_length=300, blank=True)
    office_number = models.CharField("事業所番号", max_length=10, blank=True)
    institution_code = models.CharField("医療機関コード", max_length=10, blank=True)
    days = models.CharField("利用可能曜日", max_length=200, blank=True)
    days_note = models.TextField("利用可能曜日特記事項", blank=True)
    # {"mon": [["09:00", "12:00"], …], …, "holiday": […]}: a missing day is not recorded, [] closed.
    hours = models.JSONField("時間", default=dict)
    departments = ArrayField(models.CharField(max_length=60), verbose_name="診療科目", default=list)
    capabilities = ArrayField(models.CharField(max_length=40), verbose_name="機能", default=list)
    capacity = models.PositiveIntegerField("定員", null=True, blank=True)
    beds = models.CharField("病床数", max_length=200, blank=True)
    visiting_area = models.CharField("訪問の範囲", max_length=500, blank=True)
    remarks = models.TextField("備考", blank=True)
    # Local lists bring columns of their own: {field key: text}; a FieldPolicy has the audience.
    attributes = models.JSONField("そのほかの項目", default=dict)
    # Values that decide which services are one place; see services/places.py.
    place_key = models.BigIntegerField("場所の鍵", null=True)
    # Hash over the official values of the last applied row: equal hash, nothing changed.
    row_hash = models.BinaryField("行の値", max_length=16)
    # Hash over the cells as they stood in the file and over what read them (importers/cells.py):
    # equal hash, the row need not be read again. Empty: always read it.
    raw_hash = models.BinaryField("行の文字", max_length=16, default=b"")

    class Meta:
        abstract = True


class Service(ListingValues):
    """One service of one place as one source lists it.

    Identity is (source, source key, service). Columns hold effective values: the official one, or
    the town's correction when an ``Override`` exists for that field.
    """

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="services")
    status = models.CharField(
        "掲載の状態", max_length=20, choices=ListingStatus, default=ListingStatus.LISTED
    )
    vanished_on = models.DateField("掲載が見えなくなった基準日", null=True, blank=True)
    # The row of the file that set the present official values.
    file = models.ForeignKey("facilities.ImportFile", models.PROTECT, related_name="services")
    row_number = models.PositiveIntegerField("行")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["source", "source_key", "service_code"], name="service_one_per_source_key"
            ),
        )
        indexes = (
            models.Index(
                fields=["source", "dataset", "prefecture_code"], name="service_by_dataset"
            ),
            models.Index(fields=["place_key"], name="service_by_place_key"),
        )

    def __str__(self) -> str:
        return self.name


class Override(models.Model):
    """The town knows better: one field's local value, kept over every later import."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="overrides")
    field = models.CharField("項目", max_length=40)
    # Empty where the town says that there is none (定員).
    value = models.JSONField("市町村の値", null=True)
    official_value = models.JSONField("公表の値", null=True)
    reason = models.CharField("理由", max_length=300, blank=True)
    made_by_id = models.BigIntegerField("訂正した人")
    made_at = models.DateTimeField("訂正日時")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["service", "field"], name="override_one_per_field"),
        )

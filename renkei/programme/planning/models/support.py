"""What the prefecture and its 保健所 do for municipalities (T-H3). Never anything of a person."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from renkei.foundation.accounts.models import Membership, Organisation
from renkei.foundation.areas.models import Area
from renkei.foundation.papers.models import StoredFile
from renkei.programme.planning.frames import Item, Scene


class SupportItem(models.TextChoices):
    """The six items of support.

    Source: 在宅医療・介護連携推進事業に関する都道府県（保健所）の市区町村に対する支援について
    (S3; F-P-1 to F-P-6).
    """

    KNOW_HOW = "know_how", "（1）先行事例のノウハウ提供等、事業実施に係る技術支援"
    DATA = "data", "（2）在宅医療・介護に関連する資料やデータの整理・提供"
    PEOPLE = "people", "（3）従事する人材の育成及び情報共有の場の設置"
    TRAINING = "training", "（4）広域的な医療・介護関係者に対する研修"
    AWARENESS = "awareness", "（5）広域的な普及啓発"
    NEIGHBOURS = "neighbours", "（6）（ク）関係市区町村間の連携に対する支援"


class RequestState(models.TextChoices):
    ASKED = "asked", "依頼した"
    ANSWERED = "answered", "回答した"
    VISITED = "visited", "訪問した"
    CLOSED = "closed", "終わった"


class SupportRequest(models.Model):
    """One municipality asks for support."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="市町村")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="依頼した課"
    )
    item = models.CharField("支援の項目", max_length=12, choices=SupportItem)
    title = models.CharField("支援の依頼", max_length=200)
    text = models.TextField("依頼の内容", max_length=4000, blank=True)
    asked_on = models.DateField("依頼した日")
    wanted_by = models.DateField("いつまでに", null=True, blank=True)
    state = models.CharField(
        "依頼の状態", max_length=10, choices=RequestState, default=RequestState.ASKED
    )
    result = models.CharField("依頼の結果", max_length=500, blank=True)
    closed_on = models.DateField("終わった日", null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["area", "state"], name="support_request_area"),)

    def __str__(self) -> str:
        return self.title


class SupportKind(models.TextChoices):
    ADVICE = "advice", "助言・回答"
    VISIT = "visit", "訪問"
    MATERIAL = "material", "資料・データの提供"
    GATHERING = "gathering", "会議・研修"
    MEDIATION = "mediation", "調整・協力の依頼"


class SupportEntry(models.Model):
    """支援の記録: what was done for a municipality on a day, by one of the six items."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="支援した課・保健所"
    )
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="市町村")
    request = models.ForeignKey(
        SupportRequest, models.PROTECT, null=True, blank=True, related_name="entries"
    )
    item = models.CharField("支援の項目", max_length=12, choices=SupportItem)
    kind = models.CharField("支援のしかた", max_length=12, choices=SupportKind)
    done_on = models.DateField("支援した日")
    text = models.TextField("支援の内容", max_length=4000)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("記録日時")

    class Meta:
        indexes = (models.Index(fields=["area", "done_on"], name="support_entry_area"),)

    def __str__(self) -> str:
        return f"{self.area} {self.get_kind_display()}"


class SharedMaterial(models.Model):
    """資料・データ for the municipalities of an area, with its edition (F-P-2, F-P-5)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="圏域")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="提供する課・保健所"
    )
    item = models.CharField("支援の項目", max_length=12, choices=SupportItem)
    title = models.CharField("資料の名前", max_length=200)
    text = models.TextField("資料の説明", max_length=2000, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    edition = models.PositiveSmallIntegerField("資料の版", default=1)
    as_of = models.DateField("いつ現在の資料か", null=True, blank=True)
    published_on = models.DateField("提供した日")
    withdrawn_on = models.DateField("取り下げた日", null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["area", "published_on"], name="shared_material_area"),)

    def __str__(self) -> str:
        return self.title


class GoodCase(models.Model):
    """好事例: written by a municipality, read by its peers of the prefecture once published."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="市町村")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="書いた課"
    )
    title = models.CharField("好事例", max_length=200)
    before = models.TextField("きっかけ・困っていたこと", max_length=2000)
    text = models.TextField("行ったこと", max_length=4000)
    effect = models.TextField("効果・残った課題", max_length=2000, blank=True)
    items = ArrayField(
        models.CharField(max_length=1, choices=Item), default=list, blank=True, verbose_name="項目"
    )
    scenes = ArrayField(
        models.CharField(max_length=10, choices=Scene),
        default=list,
        blank=True,
        verbose_name="場面",
    )
    contact = models.CharField("問い合わせ先（課・電話）", max_length=200, blank=True)
    written_at = models.DateTimeField("書いた日時")
    published_on = models.DateField("公開した日", null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["area", "published_on"], name="good_case_area"),)

    def __str__(self) -> str:
        return self.title

"""当番表: who is on duty for an organisation, and in which order a person's offices are called."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from renkei.care.patients.models import Patient
from renkei.care.transitions.duty_rosters import DayKind
from renkei.care.transitions.duty_times import DAY, LATEST, times_words
from renkei.foundation.accounts.models import Membership, Organisation

DAY_KINDS = (
    (DayKind.MONDAY, "月曜"),
    (DayKind.TUESDAY, "火曜"),
    (DayKind.WEDNESDAY, "水曜"),
    (DayKind.THURSDAY, "木曜"),
    (DayKind.FRIDAY, "金曜"),
    (DayKind.SATURDAY, "土曜"),
    (DayKind.SUNDAY, "日曜"),
    (DayKind.HOLIDAY, "祝日"),
    (DayKind.YEAR_END, "年末年始（12月29日～1月3日）"),
)


class Roster(models.Model):
    """当番表 of one organisation: a clinic's doctors, a station's telephone, a pharmacy, a desk."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="rosters", verbose_name="組織"
    )
    name = models.CharField("当番表の名称", max_length=80)
    # Called where a shift names no number of its own: the telephone that is handed on.
    phone = models.CharField("当番の電話番号", max_length=40, blank=True)
    # 当番医 of the area: open to persons whose team the organisation is not on.
    is_regional = models.BooleanField("地域の当番", default=False)
    ended_at = models.DateTimeField("使うのをやめた日時", null=True, blank=True)
    updated_at = models.DateTimeField("更新日時")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "name"],
                condition=Q(ended_at__isnull=True),
                name="roster_name_once_per_organisation",
                violation_error_message="同じ名称の当番表があります。別の名称を入力してください。",
            ),
        )

    def __str__(self) -> str:
        return self.name


class ShiftFields(models.Model):
    """One shift in minutes of its day: 22:00–32:00 is 1320–1920."""

    starts = models.PositiveSmallIntegerField("当番の始まり（分）")
    ends = models.PositiveSmallIntegerField("当番の終わり（分）")
    # 1 is called first.
    line = models.PositiveSmallIntegerField("呼ぶ順番", default=1)
    person_name = models.CharField("当番の人", max_length=100, blank=True)
    phone = models.CharField("この当番の電話番号", max_length=40, blank=True)

    class Meta:
        abstract = True

    @property
    def words(self) -> str:
        """17:30～翌8:30."""
        return times_words(self.starts, self.ends)


def shift_is_possible() -> Q:
    """A shift begins within its day and lasts at most 24 hours."""
    return Q(starts__lt=DAY, ends__gt=F("starts"), ends__lte=F("starts") + DAY, ends__lt=LATEST + 1)


class RosterRow(ShiftFields):
    """曜日の型: a shift that comes back every week, or on 祝日 and at 年末年始.

    ``starts == ends == 0``: nobody on such a day, whatever the weekday says.
    """

    roster = models.ForeignKey(Roster, models.CASCADE, related_name="weekly")
    day_kind = models.PositiveSmallIntegerField("曜日", choices=DAY_KINDS)
    since = models.DateField("型の始まり", null=True, blank=True)
    # The first day on which it no longer holds.
    until = models.DateField("型の終わり", null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=shift_is_possible() | Q(starts=0, ends=0), name="roster_row_possible"
            ),
        )
        ordering = ("day_kind", "line", "starts", "pk")


class RosterDay(models.Model):
    """A day of its own: its shifts, or none, take the pattern's place."""

    roster = models.ForeignKey(Roster, models.CASCADE, related_name="days")
    day = models.DateField("当番の日")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["roster", "day"], name="roster_day_once"),)


class RosterShift(ShiftFields):
    """One shift of a day of its own."""

    roster_day = models.ForeignKey(RosterDay, models.CASCADE, related_name="shifts")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=shift_is_possible(), name="roster_shift_possible"),
        )
        ordering = ("line", "starts", "pk")


class FirstContact(models.Model):
    """電話する順: one place in the order in which a person's offices are called, for a time.

    A new order ends the one before: what was in force at a past minute can be told for ever.
    """

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="first_contacts")
    position = models.PositiveSmallIntegerField("電話する順")
    # Empty: the person's doctors stand at this place, whoever they are by then.
    roster = models.ForeignKey(
        Roster, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="当番表"
    )
    set_at = models.DateTimeField("決めた日時")
    set_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField("この順を終えた日時", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["patient", "roster"],
                condition=Q(ended_at__isnull=True),
                name="first_contact_place_once",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["patient", "position"],
                condition=Q(ended_at__isnull=True),
                name="first_contact_one_per_place",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("set_at")),
                name="first_contact_ends_later",
            ),
        )
        ordering = ("position",)

"""改訂のお知らせ: which edition was told to which office, and who read it (T-RULE1)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from renkei.care.transitions.models.contacts import OfficeKind
from renkei.care.transitions.models.rules import RuleVersion
from renkei.foundation.accounts.models import Membership, Organisation
from renkei.foundation.papers.models import StoredFile
from renkei.registry.facilities.models import Facility


class ReadWay(models.TextChoices):
    """How one knows that an office read it."""

    SCREEN = "screen", "画面で開いた"
    PHONE = "phone", "電話で確かめた"
    FAX = "fax", "返信の紙"
    MEETING = "meeting", "説明会・会議"


class Announcement(models.Model):
    """An edition told to every office that goes by it, once."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="announcements")
    # The edition it differs from; empty: the rule is new here.
    compared_with = models.ForeignKey(
        RuleVersion, models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="知らせた組織"
    )
    message = models.TextField("お知らせの文", blank=True)
    reply_fax = models.CharField("返信先のFAX番号", max_length=40, blank=True)
    announced_at = models.DateTimeField("知らせた日時")
    announced_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )


class AnnouncementOffice(models.Model):
    """One office it went to: one that works here, or one of the register that gets the FAX."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    announcement = models.ForeignKey(Announcement, models.PROTECT, related_name="offices")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="組織"
    )
    facility = models.ForeignKey(
        Facility, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="施設"
    )
    # As they were that day: a place that leaves the register was told all the same.
    name = models.CharField("知らせた先", max_length=300)
    kind = models.CharField("窓口の種類", max_length=16, choices=OfficeKind)
    phone = models.CharField("電話番号", max_length=60, blank=True)
    fax = models.CharField("FAX番号", max_length=60, blank=True)
    # How many people of it got the notice.
    people_count = models.PositiveIntegerField("知らせた人数", default=0)
    faxed_at = models.DateTimeField("FAXを作った日時", null=True, blank=True)
    read_at = models.DateTimeField("最初に読んだ日時", null=True, blank=True)
    read_way = models.CharField("読んだことの確かめ方", max_length=8, choices=ReadWay, blank=True)
    # Who wrote down that it was read, where nobody opened the page.
    read_noted_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The slip that came back, and the day the letter for the post was printed.
    reply_file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+"
    )
    posted_at = models.DateTimeField("郵送の紙を作った日時", null=True, blank=True)
    reminded_at = models.DateTimeField("催促した日時", null=True, blank=True)
    reminder_count = models.PositiveSmallIntegerField("催促した回数", default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(organisation__isnull=True) | Q(facility__isnull=True),
                name="announcement_office_not_both",
            ),
            models.UniqueConstraint(
                fields=["announcement", "organisation"],
                condition=Q(organisation__isnull=False),
                name="announcement_once_per_organisation",
            ),
            models.UniqueConstraint(
                fields=["announcement", "facility"],
                condition=Q(facility__isnull=False),
                name="announcement_once_per_facility",
            ),
        )


class AnnouncementRead(models.Model):
    """One person of an office opened it."""

    office = models.ForeignKey(AnnouncementOffice, models.PROTECT, related_name="reads")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    read_at = models.DateTimeField("読んだ日時")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["office", "membership"], name="announcement_read_once_per_person"
            ),
        )

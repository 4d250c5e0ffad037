"""The care team, and every way into a record: one model of grants (design §3b)."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from renkei.care.patients.models.consent import ContentClass
from renkei.care.patients.models.people import Patient, Relative
from renkei.foundation.accounts.models import Membership, Organisation, User


class GrantKind(models.TextChoices):
    TEAM = "team", "チーム"
    FAMILY_ROOM = "family_room", "本人・家族の部屋"
    BREAK_GLASS = "break_glass", "緊急閲覧"
    EMERGENCY_CARD = "emergency_card", "救急カード"
    DISASTER = "disaster", "災害時"
    ONE_TIME_LINK = "one_time_link", "一度だけのリンク"
    OWN_LOG = "own_log", "本人による閲覧記録の確認"
    # No grant ever has this one: it stands in read events of the officer's own work.
    OFFICER = "officer", "個人情報保護責任者の確認"


# These ask no consent at the moment of use: each has its own proof, limit, log and review.
WITHOUT_CONSENT = (GrantKind.BREAK_GLASS, GrantKind.EMERGENCY_CARD, GrantKind.DISASTER)


class AccessGrant(models.Model):
    """One way into one person's record: for a membership, a whole office, or an account.

    Exactly one of ``membership``, ``organisation`` alone (any professional of the office) and
    ``user`` (family, the person) holds it; a grant to a membership also names its organisation.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="grants")
    kind = models.CharField("経路", max_length=16, choices=GrantKind)
    membership = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    content_classes = ArrayField(
        models.CharField(max_length=12, choices=ContentClass), default=list
    )
    # From which instant on its holder reads the story; empty: from the start.
    history_since = models.DateTimeField("読める範囲の始まり", null=True, blank=True)
    starts_at = models.DateTimeField("始まり")
    ends_at = models.DateTimeField("終わり", null=True, blank=True)
    revoked_at = models.DateTimeField("取り消した日時", null=True, blank=True)
    reason = models.CharField("理由", max_length=300, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(user__isnull=False) ^ Q(organisation__isnull=False),
                name="access_grant_has_one_holder",
            ),
            models.CheckConstraint(
                condition=Q(membership__isnull=True) | Q(organisation__isnull=False),
                name="access_grant_membership_with_organisation",
            ),
        )
        indexes = (
            models.Index(
                fields=["membership", "patient"],
                condition=Q(revoked_at__isnull=True),
                name="access_grant_membership",
            ),
            models.Index(
                fields=["organisation", "patient"],
                condition=Q(revoked_at__isnull=True),
                name="access_grant_organisation",
            ),
            models.Index(
                fields=["user", "patient"],
                condition=Q(revoked_at__isnull=True),
                name="access_grant_user",
            ),
            models.Index(fields=["patient", "kind"], name="access_grant_patient"),
        )


class TeamMember(models.Model):
    """A profession in an organisation on one person's team: one of its people, or all of them."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="team")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    # Empty: the whole office (its nurse on duty tonight), each reading under their own name.
    membership = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="team_memberships"
    )
    profession = models.CharField("職種", max_length=60)
    is_host = models.BooleanField("主催", default=False)
    is_observer = models.BooleanField("見るだけ", default=False)
    # Gets what this member leaves unanswered (T-D1).
    deputy = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    grant = models.OneToOneField(AccessGrant, models.PROTECT, null=True, related_name="member")
    invited_at = models.DateTimeField("招いた日時")
    joined_at = models.DateTimeField("参加日時", null=True, blank=True)
    left_at = models.DateTimeField("抜けた日時", null=True, blank=True)
    leaving_reason = models.CharField("抜けた理由", max_length=200, blank=True)
    # The member who took over.
    successor = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["patient", "membership"],
                condition=Q(left_at__isnull=True, membership__isnull=False),
                name="team_member_once_per_person",
                violation_error_message="この人はすでにチームにいます。",
            ),
            models.UniqueConstraint(
                fields=["patient", "organisation", "profession"],
                condition=Q(left_at__isnull=True, membership__isnull=True),
                name="team_member_once_per_office",
                violation_error_message="この事業所はすでにチームにいます。",
            ),
        )


class FamilyMember(models.Model):
    """A relative, or the person, who reads and writes in the family room."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="family")
    # Empty: the person themself.
    relative = models.ForeignKey(Relative, models.PROTECT, null=True, blank=True, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    grant = models.OneToOneField(AccessGrant, models.PROTECT, related_name="family_member")
    joined_at = models.DateTimeField("参加日時")
    left_at = models.DateTimeField("抜けた日時", null=True, blank=True)

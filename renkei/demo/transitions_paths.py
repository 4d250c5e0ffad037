"""Referrals under way and a path over two hospitals in 架空広域, through the same services."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from django.db import transaction

from renkei.care.patients.models import Patient
from renkei.care.timelines.queries.people import present_memberships
from renkei.care.transitions.forms_referrals import end_of_day
from renkei.care.transitions.models import (
    PathAct,
    PathVersion,
    ReferralAct,
    ReferralService,
)
from renkei.care.transitions.queries.referrals import referral_for
from renkei.care.transitions.referral_values import NewAct, NewReferral, Receiver
from renkei.care.transitions.services.paths import (
    NewPathEvent,
    Place,
    load_shipped_paths,
    record_on_path,
    start_path,
)
from renkei.care.transitions.services.referrals import act_on, send_referral
from renkei.demo.care import viewer_named
from renkei.foundation.accounts.models import Membership
from renkei.foundation.accounts.queries import viewer_behind
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.common import clock

Say = Callable[[str], None]
DENTIST: Final = Receiver(
    name="架空みなと歯科", person="受付", phone="0999-00-8100", fax="0999-00-8109"
)
RECOVERY: Final = Place(name="架空回復期病院")


@transaction.atomic
def refer_and_hand_on(patients: Sequence[Patient], say: Say) -> None:
    """One request waits here, one by FAX, one was refused; one person is on the example path."""
    _refer(patients)
    _follow_path(patients[7])
    say("紹介3件と地域連携パス1件を用意しました")


def _refer(patients: Sequence[Patient]) -> None:
    viewer = viewer_named("omori")
    today = clock.today()
    outside = NewReferral(
        receiver=DENTIST,
        service=ReferralService.DENTISTRY,
        words="入れ歯が合わず、食事の量が減っています。訪問で見てもらえますか。",
        content_classes=("basic",),
        asked_on=today,
        asked_by_way="oral",
        expires_at=end_of_day(7),
    )
    send_referral(viewer=viewer, patient=patients[3], new=outside)
    for place, patient in enumerate((patients[4], patients[1])):
        other = _somebody_else(patient)
        if other is None:
            continue
        new = NewReferral(
            receiver=Receiver(organisation=other.organisation),
            service=ReferralService.OTHER if place else ReferralService.NURSING,
            words="週1回の体調の確認をお願いできますか。",
            content_classes=("basic", "timeline"),
            asked_on=today,
            asked_by_way="oral",
            expires_at=end_of_day(1 if place == 0 else 7),
        )
        referral = send_referral(viewer=viewer, patient=patient, new=new)
        receiver = viewer_behind(other.pk)
        if place and receiver is not None:
            refused = NewAct(ReferralAct.REJECTED, reason_code="full", reason="来月から空きます。")
            act_on(door=referral_for(receiver, referral.uid), new=refused)


def _somebody_else(patient: Patient) -> Membership | None:
    """Somebody who works in teams, of an office that is not on this one."""
    team = patient.team.filter(left_at=None).values("organisation")
    return present_memberships().exclude(organisation__in=team).order_by("pk").first()


def _follow_path(patient: Patient) -> None:
    load_shipped_paths(actor=SYSTEM)
    version = PathVersion.objects.filter(definition__is_example=True).latest("number")
    # The hospitals told it; the care manager writes it down.
    manager, today = viewer_named("omori"), clock.today()
    ward = viewer_named("chidori")
    hospital = present_memberships().get(pk=ward.membership_id or 0).organisation
    path = start_path(
        viewer=manager,
        patient=patient,
        version=version,
        began_on=today - timedelta(days=50),
        place=Place(organisation=hospital),
    )
    new = NewPathEvent
    for days, event in (
        (48, new(PathAct.REACHED, on=today, goal_code="a1")),
        (45, new(PathAct.REACHED, on=today, goal_code="a2")),
        (40, new(PathAct.REACHED, on=today, goal_code="a3")),
        (34, new(PathAct.VARIANCE, on=today, goal_code="a4", variance_code="p1",
                       reason="発熱で離床が遅れた。")),
        (30, new(PathAct.REACHED, on=today, goal_code="a4")),
        (26, new(PathAct.HANDED_ON, on=today, phase_code="recovery", place=RECOVERY)),
        (25, new(PathAct.ENTERED, on=today, phase_code="recovery", place=RECOVERY)),
        (10, new(PathAct.REACHED, on=today, goal_code="r1")),
    ):  # fmt: skip
        day = today - timedelta(days=days)
        record_on_path(viewer=manager, path=path, new=replace(event, on=day))

"""Looking back on an event together. Identifiers are stopped before anything is kept (T-DNAR1).

The caller has checked that the viewer takes part (queries.reviews.review_for).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import date
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from renkei.care.patients.models import Patient
from renkei.care.patients.visibility import TEAM_ROLES
from renkei.care.transitions.acting import membership_of, organisation_of
from renkei.care.transitions.hooks import run_after_review
from renkei.care.transitions.identifiers import OF_THE_PERSON, identifiers_in, names_of
from renkei.care.transitions.models import (
    EventReview,
    ReviewAction,
    ReviewFinding,
    ReviewPartner,
)
from renkei.care.transitions.notices_homes import REVIEW_NEWS
from renkei.care.transitions.queries.reviews import (
    REFUSED,
    ReviewDoor,
    organisation_named,
    refusals_of,
)
from renkei.care.transitions.review_questions import BY_CODE
from renkei.foundation.accounts.models import Membership, Organisation, Role
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.text import require_storable
from renkei.foundation.notifications.services import notify

ROLES: Final = TEAM_ROLES | {Role.FIRE_DISPATCH, Role.MUNICIPAL_STAFF}
# Without the signs that look alike when read over the telephone.
SIGNS: Final = "ACDEFGHJKLMNPQRTUVWXY34679"
# A text that is refused says that it named the person: nobody finds out by trying who it was.
MOST_REFUSALS: Final = 5
ENOUGH: Final = (
    "本人や家族のことが分かる書き方が続いたため、この検証にはあすまで書けません。急ぐときは、検証を"
    "始めた機関に連絡してください。"
)
Given = ParamSpec("Given")
Made = TypeVar("Made")


class TellsWhoError(ValidationError):
    """The words say whose event it was, as the record knows it."""


def _refusals_are_kept(act: Callable[Given, Made]) -> Callable[Given, Made]:
    """Write a refusal down after the act was undone: the next ones are counted by it."""

    @wraps(act)
    def kept(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        try:
            return act(*args, **kwargs)
        except TellsWhoError:
            viewer, door = kwargs["viewer"], kwargs["door"]
            assert isinstance(viewer, Viewer)  # noqa: S101 - every act here is given both
            assert isinstance(door, ReviewDoor)  # noqa: S101 - the same
            with transaction.atomic():
                record_event(actor=viewer.actor, action=REFUSED, target=door.review)
            raise

    return kept


@transaction.atomic
def open_review(
    *,
    viewer: Viewer,
    patient: Patient | None,
    event_month: date,
    own_kind: str,
    answers: Mapping[str, str],
) -> EventReview:
    """Begin a review. ``patient`` (found through the gate) only says what to stop from then on.

    Raises:
        ValidationError: nobody knows in which municipality, or a month to come.
    """
    area = (patient.municipality if patient else None) or own_area_of(viewer)
    if area is None:
        raise ValidationError("市区町村がわかりません。組織の圏域を確かめてください。")
    if event_month > clock.today():
        raise ValidationError({"event_month": "きょうまでの月を選んでください。"})
    office = Organisation.objects.get(pk=organisation_of(viewer))
    now = clock.now()
    review = EventReview.objects.create(
        number="".join(secrets.choice(SIGNS) for _ in range(8)),
        area=area,
        patient=patient,
        event_month=event_month.replace(day=1),
        answers=_checked(answers),
        opened_by_id=membership_of(viewer),
        opened_at=now,
    )
    ReviewPartner.objects.create(
        review=review, kind=own_kind, organisation=office, name=office.name, added_at=now
    )
    record_event(actor=viewer.actor, action="event_review.opened", target=review)
    return review


@transaction.atomic
def add_partner(*, viewer: Viewer, door: ReviewDoor, kind: str, name: str) -> ReviewPartner:
    """Ask an office to take part: an organisation here sees the review from now on.

    Raises:
        ValidationError: it takes part already, or the review is over.
    """
    review = _writable(door)
    name = require_storable(name.strip())
    office = organisation_named(name)
    partner = ReviewPartner(
        review=review, kind=kind, organisation=office, name=name, added_at=clock.now()
    )
    partner.full_clean()
    partner.save()
    if office is not None:
        _tell(viewer, review, [office.pk])
    record_event(actor=viewer.actor, action="event_review.partner_added", target=review)
    return partner


@transaction.atomic
def answer_review(
    *, viewer: Viewer, door: ReviewDoor, answers: Mapping[str, str], held_on: date | None
) -> None:
    """What is known of the event, and on which day the partners met."""
    review = _writable(door)
    review.answers = {**review.answers, **_checked(answers)}
    review.held_on = held_on
    review.save(update_fields=["answers", "held_on"])
    record_event(actor=viewer.actor, action="event_review.answered", target=review)


@_refusals_are_kept
@transaction.atomic
def record_finding(*, viewer: Viewer, door: ReviewDoor, kind: str, text: str) -> ReviewFinding:
    """What one partner says.

    Raises:
        ValidationError: the text tells who the person is, or the review is over.
    """
    review = _writable(door)
    finding = ReviewFinding(
        review=review,
        kind=kind,
        text=_without_identifiers(viewer, review, text, "text"),
        partner=door.partner,
        author_id=membership_of(viewer),
        recorded_at=clock.now(),
    )
    finding.full_clean()
    finding.save()
    _tell(viewer, review, _offices_of(review))
    record_event(actor=viewer.actor, action="event_review.finding_recorded", target=review)
    return finding


@transaction.atomic
def take_back_finding(*, viewer: Viewer, door: ReviewDoor, finding: ReviewFinding) -> None:
    """A partner takes its own words back.

    Raises:
        ValidationError: somebody else's.
    """
    _writable(door)
    if finding.partner_id != getattr(door.partner, "pk", None):
        raise ValidationError("取り消せるのは、自分の機関の意見だけです。")
    ReviewFinding.objects.filter(pk=finding.pk, taken_back_at=None).update(
        taken_back_at=clock.now()
    )
    record_event(actor=viewer.actor, action="event_review.finding_taken_back", target=door.review)


@_refusals_are_kept
@transaction.atomic
def decide_action(
    *, viewer: Viewer, door: ReviewDoor, text: str, owner: ReviewPartner, due_on: date
) -> ReviewAction:
    """What changes, who does it and until when.

    Raises:
        ValidationError: the text tells who the person is, a day gone by, or the review is over.
    """
    review = _writable(door)
    if due_on < clock.today():
        raise ValidationError({"due_on": "きょうより後の日付を入力してください。"})
    action = ReviewAction(
        review=review,
        text=_without_identifiers(viewer, review, text, "text"),
        owner=owner,
        due_on=due_on,
        recorded_by_id=membership_of(viewer),
        recorded_at=clock.now(),
    )
    action.full_clean()
    action.save()
    _tell(viewer, review, _offices_of(review))
    record_event(actor=viewer.actor, action="event_review.action_decided", target=review)
    return action


@_refusals_are_kept
@transaction.atomic
def finish_action(
    *, viewer: Viewer, door: ReviewDoor, action: ReviewAction, done_on: date, result: str
) -> None:
    """Write down what came of it.

    Raises:
        ValidationError: a day to come, or a result that tells who the person is.
    """
    if done_on > clock.today():
        raise ValidationError({"done_on": "終えた日には、きょうまでの日付を入力してください。"})
    row = ReviewAction.objects.select_for_update().get(pk=action.pk)
    row.done_on = done_on
    row.result = _without_identifiers(viewer, door.review, result, "result")
    row.save(update_fields=["done_on", "result"])
    run_after_review(viewer.actor, door.review)
    record_event(actor=viewer.actor, action="event_review.action_done", target=door.review)


@transaction.atomic
def close_review(*, viewer: Viewer, door: ReviewDoor) -> None:
    """The review is over; from now on the town reads it.

    Raises:
        ValidationError: fewer than two took part, or nothing came of it.
    """
    review = _writable(door)
    if review.partners.count() < 2:  # noqa: PLR2004 - a review is a talk
        raise ValidationError("消防・病院・施設など、ほかの機関も加えてから終えてください。")
    if not review.actions.exists():
        raise ValidationError("決めたことを1つ以上書いてから終えてください。")
    review.closed_at = clock.now()
    review.save(update_fields=["closed_at"])
    run_after_review(viewer.actor, review)
    record_event(actor=viewer.actor, action="event_review.closed", target=review)


def _writable(door: ReviewDoor) -> EventReview:
    # Partners write from several offices at the same moment.
    review = (
        EventReview.objects.select_for_update(of=("self",))
        .select_related("patient")
        .get(pk=door.review.pk)
    )
    if review.closed_at is not None or door.partner is None:
        raise ValidationError("この検証は終わっています。")
    return review


def _checked(answers: Mapping[str, str]) -> dict[str, str]:
    return {
        code: value
        for code, value in answers.items()
        if code in BY_CODE and value in dict(BY_CODE[code].choices)
    }


def _without_identifiers(viewer: Viewer, review: EventReview, text: str, field: str) -> str:
    text = require_storable(text.strip(), multiline=True)
    if refusals_of(viewer, review, since=clock.midnight(clock.today())) >= MOST_REFUSALS:
        raise ValidationError({field: ENOUGH})
    found = identifiers_in(text, _known_of(review.patient))
    if found:
        words = "、".join(f"「{what}」（{kind}）" for kind, what in found)
        known = any(kind == OF_THE_PERSON for kind, _what in found)
        raise (TellsWhoError if known else ValidationError)(
            {
                field: f"{words}は、だれのことか分かる書き方です。"
                "「本人」「家族」「かかりつけ医」などに直してください。"
            }
        )
    return text


def _known_of(patient: Patient | None) -> list[str]:
    if patient is None:
        return []
    known = [*names_of(patient.name), *names_of(patient.kana), patient.address, patient.phone]
    known += [patient.insured_number, patient.postcode]
    for relative in patient.relatives.all():
        known += [relative.name, relative.kana, relative.phone]
    return [word for word in known if word]


def _offices_of(review: EventReview) -> list[int]:
    return [
        key for key in review.partners.values_list("organisation_id", flat=True) if key is not None
    ]


def _tell(viewer: Viewer, review: EventReview, offices: list[int]) -> None:
    people = Membership.objects.filter(
        organisation__in=offices,
        role__in=ROLES,
        period__contains=clock.today(),
        revoked_at=None,
        user__is_active=True,
    ).exclude(user=viewer.user_id)
    notify(
        user_ids=people.values_list("user_id", flat=True),
        kind=REVIEW_NEWS,
        path=reverse("transitions:review_detail", args=[review.uid]),
        dedupe_key=f"{REVIEW_NEWS}:{review.uid}",
    )

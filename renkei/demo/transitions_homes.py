"""Care homes with their 協力医療機関, confirmed wishes and one review in 架空広域. All invented."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

from django.db import transaction

from renkei.care.patients.models import Patient
from renkei.care.transitions.models import Cooperation
from renkei.care.transitions.queries.end_of_life import person_wish
from renkei.care.transitions.queries.homes import home_door, home_services_of
from renkei.care.transitions.queries.reviews import review_for
from renkei.care.transitions.services import reviews
from renkei.care.transitions.services.end_of_life import (
    publish_conditions,
    record_wish_fact,
    write_conditions,
)
from renkei.care.transitions.services.homes import (
    make_notice,
    record_contact,
    save_cooperation,
    submit_notice,
)
from renkei.care.transitions.wish_conditions import EXAMPLE, Conditions
from renkei.demo.care import viewer_named
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock

Say = Callable[[str], None]
HOSPITAL: Final = {
    "institution_name": "架空市立中央病院",
    "institution_code": "",
    "institution_address": "架空県架空市中央1-1",
    "phone": "0999-00-7000",
    "person_name": "地域連携室　千鳥 恵",
    "is_hospital": True,
    "consults": True,
    "examines": True,
    "admits": True,
    "details": "夜間と休日は救急外来へ電話し、看護師長が受ける。\n協定書は事務室に保管。",
    "infection_agreement": "yes",
}
CLINIC: Final = {
    **HOSPITAL,
    "institution_name": "しおかぜ医院",
    "institution_address": "架空県架空市北浜2-1",
    "phone": "0999-00-2045",
    "person_name": "白井 透",
    "is_hospital": False,
    "admits": False,
    "details": "月2回の訪問診療。夜間は電話で相談を受ける。",
    "infection_agreement": "no",
}


@transaction.atomic
def agree_with_hospitals(say: Say) -> None:
    """Three homes of the town in three states; the others have written nothing yet."""
    city = viewer_named("kawase")
    homes = list(home_services_of(city).values_list("pk", flat=True)[:3])
    # (values, days since it began, days since it was last confirmed)
    plans = ((HOSPITAL, 600, 40), (CLINIC, 500, 330), (HOSPITAL, 700, 420))
    for pk, (values, since, confirmed) in zip(homes, plans, strict=False):
        since_on = clock.today() - timedelta(days=since)
        row = save_cooperation(
            viewer=city, door=home_door(city, pk), cooperation=None,
            values={**values, "since_on": since_on},
        )  # fmt: skip
        _confirm(city, row, confirmed)
    if homes:
        notice = make_notice(
            viewer=city, door=home_door(city, homes[0]), addressee="架空市長", plan=""
        )
        submit_notice(viewer=city, notice=notice, on=clock.today())
    say(f"協力医療機関のある施設{len(homes)}か所を用意しました")


def _confirm(viewer: Viewer, row: Cooperation, days_ago: int) -> None:
    values: dict[str, Any] = {
        "kind": "confirmation",
        "held_on": clock.today() - timedelta(days=days_ago),
        "counterpart": "看護部長、地域連携室",
        "own_people": "施設長、生活相談員",
        "channel": "meeting",
        "minutes": "夜間の連絡の順と、救急車を呼ぶ前に電話する番号を確かめた。",
    }
    record_contact(viewer=viewer, cooperation=row, values=values)


@transaction.atomic
def confirm_wishes(patients: Sequence[Patient], say: Say) -> None:
    """The town's agreement; of the first person all but one thing is confirmed; a review."""
    city, nurse, fire = (viewer_named(each) for each in ("kawase", "hayakawa", "shirei"))
    content = Conditions(
        "架空市 在宅での看取りと意思の確認の取り決め",
        EXAMPLE.items,
        EXAMPLE.crew_text,
        "架空市在宅医療・介護連携推進協議会（架空）",
    )
    edition = write_conditions(
        viewer=city, edition=None, content=content.as_json(), reason="はじめての版"
    )
    first_day = clock.today() - timedelta(days=120)
    publish_conditions(viewer=city, edition=edition, first_day=first_day)
    for patient in patients:
        found = person_wish(nurse, patient)
        if found.wish is not None and found.conditions is not None:
            _confirm_wish(nurse, patient, found.conditions, found.wish.talked_on)
            break
    review = reviews.open_review(
        viewer=fire, patient=None, event_month=clock.today().replace(day=1), own_kind="fire",
        answers={"place": "own_home", "age_band": "85", "record": "yes", "record_seen": "no",
                 "doctor_reached": "no", "resuscitation": "continued", "handed_to": "hospital"},
    )  # fmt: skip
    for kind, name in (
        ("hospital", "架空市立中央病院"),
        ("station", "訪問看護ステーション みなも"),
    ):
        reviews.add_partner(viewer=fire, door=review_for(fire, review.uid), kind=kind, name=name)
    reviews.record_finding(
        viewer=fire, door=review_for(fire, review.uid), kind="hard",
        text="記録の紙が寝室の引き出しにあり、着いたときには見つからなかった。",
    )  # fmt: skip
    door = review_for(nurse, review.uid)
    reviews.record_finding(
        viewer=nurse,
        door=door,
        kind="agreed",
        text="紙の置き場所を、家族と一度も確かめていなかった。",
    )
    owner = door.review.partners.get(kind="station")
    reviews.decide_action(
        viewer=nurse, door=door, text="紙は冷蔵庫の扉に置くことを、訪問のたびに確かめる",
        owner=owner, due_on=clock.today() + timedelta(days=30),
    )  # fmt: skip
    say("看取りの取り決めと、救急の事例の検証を用意しました")


def _confirm_wish(nurse: Viewer, patient: Patient, conditions: Conditions, talked_on: Any) -> None:
    for item in conditions.items:
        if item.code in {"told_care_manager", "told_fire"}:
            continue
        record_wish_fact(
            viewer=nurse, patient=patient, kind=item.kind, code=item.code,
            values={
                "happened_on": min(talked_on + timedelta(days=3), clock.today()),
                "person_name": "冷蔵庫の扉" if item.code == "paper" else "白井 透（医師）",
                "phone": "0999-00-2045" if item.code == "doctor_call" else "",
            },
        )  # fmt: skip

"""What a stay, the record and the person's other sheets already know, for the fields of a form."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final

from renkei.care.patients.queries import merged_uids
from renkei.care.timelines.attachment_queries import WISH_FORMS
from renkei.care.timelines.prefill import prefill_values
from renkei.care.timelines.queries.doors import Door
from renkei.care.timelines.sheet_queries import open_forms
from renkei.care.transitions.models import CoordinationCase
from renkei.care.transitions.presenters_sides import contacts_of
from renkei.foundation.common import eras
from renkei.foundation.common.clock import TOKYO
from renkei.foundation.sheets.answers import values_of
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.items import Absence, Definition, Item
from renkei.foundation.sheets.models import Answer, FormVersion
from renkei.foundation.sheets.pages import Prefilled
from renkei.foundation.sheets.queries import answers_of

RECORD: Final = "基本情報"
STAY: Final = "この入院の記録"
DRUGS: Final = "救急情報"
# The shipped forms are older than the codes of a stay; editions that were published stay as they
# are, so their items are named here.
LINKS: Final[dict[str, dict[str, str]]] = {
    "admission_info": {
        "head.admitted_on": "stay.admitted_on",
        "head.hospital": "stay.hospital",
        "head.recipient": "stay.recipient",
        "basic.age": "patient.age",
        "drugs.remarks": "patient.drugs",
    },
    "discharge_record": {
        "stay.admitted_on": "stay.admitted_on",
        "stay.discharge_on": "stay.planned_discharge_on",
        "stay.place": "stay.hospital",
        "stay.ward": "stay.ward",
        "basic.age": "patient.age",
    },
}
# What was written for an earlier stay says nothing of this one.
OF_ONE_STAY: Final[dict[str, frozenset[str]]] = {
    "admission_info": frozenset(
        {"head.before_admission", "head.provided_at", "head.means", *LINKS["admission_info"]}
    ),
    "discharge_record": frozenset(
        {"stay.cause", "hearings", "hearings.on", *LINKS["discharge_record"]}
    ),
}
# The record is kept up to date by the whole team; an old sheet is not.
FRESH: Final = frozenset(
    {
        "patient.care_level",
        "patient.care_level_from",
        "patient.care_level_until",
        "patient.certification_state",
        "patient.age",
        "patient.drugs",
    }
)


def known_for(door: Door, case: CoordinationCase, version: FormVersion) -> dict[str, Prefilled]:
    """Every value the form can begin with, by prefill code or link id, with where it stands."""
    record = prefill_values(door)
    known = {code: Prefilled(words, _source(code)) for code, words in record.items()}
    known |= {code: Prefilled(words, STAY) for code, words in stay_values(case).items()}
    for code, words in manager_values(case).items():
        # The record may not name the care manager; the stay does.
        known.setdefault(code, Prefilled(words, STAY))
    for link_id, code in LINKS.get(version.form.code, {}).items():
        if code in known:
            known[f"#{link_id}"] = known[code]
    return {**from_other_sheets(door, version, known), **known}


def stay_values(case: CoordinationCase) -> dict[str, str]:
    """What is known of the stay, in words a field reads."""
    values = {
        "stay.hospital": case.hospital_name,
        "stay.ward": case.ward,
        "stay.recipient": case.hospital_person,
        "stay.admitted_on": _day(case.admitted_at),
        "stay.planned_discharge_on": _day(case.planned_discharge_on),
        "stay.discharged_on": _day(case.discharged_at),
    }
    return {code: words for code, words in values.items() if words}


def manager_values(case: CoordinationCase) -> dict[str, str]:
    """The care manager of the stay and their numbers, by the codes of the record."""
    _, care = contacts_of(case)
    values = {
        "care_manager.name": care.person,
        "care_manager.organisation": care.name,
        "care_manager.phone": care.phone,
        "care_manager.fax": care.fax,
    }
    return {code: words for code, words in values.items() if words}


def anew_in(case: CoordinationCase, version: FormVersion, latest: Answer | None) -> frozenset[str]:
    """The items a form begins without, because they were written for an earlier stay."""
    if latest is None or latest.answered_at >= (case.admitted_at or case.opened_at):
        return frozenset()
    definition = parse(version.questionnaire)
    coded = {item.link_id for item in definition.questions if item.prefill.startswith("stay.")}
    return OF_ONE_STAY.get(version.form.code, frozenset()) | coded


def from_other_sheets(
    door: Door, version: FormVersion, known: dict[str, Prefilled]
) -> dict[str, Prefilled]:
    """What the newest other sheets say of the same: the same item, or the same list and words."""
    patient = door.patient
    assert patient is not None  # noqa: S101 - a room of a person
    definition = parse(version.questionnaire)
    wanted = {
        item.link_id: item
        for item in _singles(definition)
        if item.prefill not in known and f"#{item.link_id}" not in known
    }
    by_words = _by_words(wanted.values())
    own = version.form.code
    open_codes = {one.form.code for one in open_forms(door.viewer, door)} - WISH_FORMS - {own}
    found: dict[str, Prefilled] = {}
    seen: set[str] = set()
    for answer in answers_of(patient.uid, also=merged_uids(patient)):
        code = answer.version.form.code
        if code not in open_codes or code in seen:
            continue
        # Only the newest of each form: what it leaves out is not known any more.
        seen.add(code)
        for item, values in _answered(answer):
            target = wanted.get(item.link_id)
            if target is None or _words_key(target) != _words_key(item):
                target = by_words.get(_words_key(item)) if item.code_list else None
            if target is not None:
                found.setdefault(
                    f"#{target.link_id}", Prefilled(values=values, source=_sheet_words(answer))
                )
    return found


def _answered(answer: Answer) -> list[tuple[Item, tuple[Any, ...]]]:
    definition = parse(answer.version.questionnaire)
    values = values_of(answer.content, definition)
    rows = []
    for item in _singles(definition):
        given = tuple(values.get(item.link_id, ()))
        if given and not any(isinstance(each, Absence) for each in given):
            rows.append((item, given))
    return rows


def _singles(definition: Definition) -> list[Item]:
    """The questions that stand once, outside tables."""
    inside = {
        item.link_id
        for group in definition.walk()
        if group.is_group and group.repeats
        for item in group.walk()
    }
    return [item for item in definition.questions if item.link_id not in inside]


def _words_key(item: Item) -> tuple[str, str, str]:
    return (str(item.type), item.code_list, item.text)


def _by_words(items: Iterable[Item]) -> dict[tuple[str, str, str], Item]:
    """Items with a list of their own, where the words stand only once in the form."""
    rows: dict[tuple[str, str, str], list[Item]] = {}
    for item in items:
        if item.code_list:
            rows.setdefault(_words_key(item), []).append(item)
    return {key: each[0] for key, each in rows.items() if len(each) == 1}


def _sheet_words(answer: Answer) -> str:
    day = answer.answered_at.astimezone(TOKYO).date()
    return f"{answer.version.form.name}（{eras.format_western(day)}）"


def _source(code: str) -> str:
    return DRUGS if code == "patient.drugs" else RECORD


def _day(moment: datetime | date | None) -> str:
    if moment is None:
        return ""
    day = moment.astimezone(TOKYO).date() if isinstance(moment, datetime) else moment
    return eras.format_western(day)

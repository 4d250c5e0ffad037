"""The page 基本情報 of one person, and what was corrected on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from renkei.care.patients.models import (
    Certification,
    OtherNetwork,
    Patient,
    Provider,
    RecordChange,
    Relative,
)
from renkei.care.patients.presenters import (
    ShownState,
    birth_text,
    network_name,
    shown_state,
)
from renkei.care.patients.queries import (
    Record,
    ended_providers,
    is_hosted_by,
    member_of,
    record_of,
    removed_relatives,
)
from renkei.care.patients.queries_merge import alike_records, duplicates_of
from renkei.care.patients.rules import corrects
from renkei.care.patients.services.changes import SUBJECTS
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock
from renkei.foundation.common.eras import format_both, format_long
from renkei.foundation.common.postcodes import format_postcode

NO_CONSENT = "家族の同意待ち"


@dataclass(frozen=True)
class RelativeLine:
    """A relative; to others than the host only as much as the relative agreed to."""

    relative: Relative
    open: bool
    consent: ShownState
    words: str


@dataclass(frozen=True)
class NetworkLine:
    """Another network: a link out, or why there is none (T-D9)."""

    network: OtherNetwork
    name: str
    facts: str
    url: str
    blocked: str


@dataclass(frozen=True)
class CertificationLine:
    """One certification or application, in words."""

    words: str
    period: str
    note: str
    current: bool


@dataclass(frozen=True)
class PersonPage:
    """Everything 基本情報 shows."""

    record: Record
    birth: str
    birth_written: str
    address: str
    certifications: Sequence[CertificationLine]
    relatives: Sequence[RelativeLine]
    networks: Sequence[NetworkLine]
    may_correct: bool
    may_host: bool
    # Records that may be this person: what the host is asked about.
    duplicate_count: int = 0
    removed: Sequence[Relative] = ()
    ended: Sequence[Provider] = ()


def person_page_of(viewer: Viewer, patient: Patient) -> PersonPage:
    """Everything 基本情報 shows to this viewer; a fixed number of queries."""
    today = clock.today()
    record = record_of(patient)
    hosted = is_hosted_by(viewer, patient)
    member = member_of(viewer, patient)
    writes = member is not None and not member.is_observer and corrects(viewer, patient)
    return PersonPage(
        record=record,
        birth=birth_text(patient),
        birth_written=_written(patient),
        address=_address(patient),
        certifications=[_certification(row, record) for row in record.certifications],
        relatives=[relative_line(row, hosted=hosted, on=today) for row in record.relatives],
        networks=[network_line(row, on=today) for row in record.networks],
        may_correct=writes,
        may_host=hosted and member is not None and not member.is_observer,
        duplicate_count=_duplicate_count(viewer, patient) if hosted else 0,
        removed=list(removed_relatives(patient)) if writes and hosted else (),
        ended=list(ended_providers(patient)) if writes else (),
    )


def _duplicate_count(viewer: Viewer, patient: Patient) -> int:
    return duplicates_of(viewer, patient).count() + len(alike_records(viewer, patient))


def _written(patient: Patient) -> str:
    """The card's own spelling where it differs from ours."""
    day = patient.birth_on
    same = day is None or patient.birth_written in {format_long(day), ""}
    western = day is not None and patient.birth_written == f"{day.year}年{day.month}月{day.day}日"
    return "" if same or western else patient.birth_written


def _address(patient: Patient) -> str:
    code = f"〒{format_postcode(patient.postcode)}　" if patient.postcode else ""
    return f"{code}{patient.address} {patient.building}".strip()


def _certification(row: Certification, record: Record) -> CertificationLine:
    level = row.get_level_display() if row.level else ""
    period = ""
    if row.period and row.period.lower:
        end = format_long(row.period.upper - timedelta(days=1)) if row.period.upper else ""
        period = f"{format_long(row.period.lower)}～{end}"
    days = (("申請日", row.applied_on), ("認定日", row.certified_on))
    note = "　".join(f"{label} {format_long(day)}" for label, day in days if day)
    words = f"{level}（{row.get_state_display()}）" if level else row.get_state_display()
    return CertificationLine(words, period, note, current=row == record.certified)


def relative_line(relative: Relative, *, hosted: bool, on: date) -> RelativeLine:
    """A relative as this viewer may know them: all of it for the host, who asks for the consent."""
    found = getattr(relative, "present_consents", [])
    state = shown_state(found[0] if found else None, on)
    flags = (
        ("キーパーソン", relative.is_key_person),
        ("主介護者", relative.is_main_carer),
        ("代理意思決定者", relative.is_surrogate),
        ("同居", relative.lives_together is True),
        ("別居", relative.lives_together is False),
    )
    words = "・".join(label for label, holds in flags if holds)
    return RelativeLine(relative, hosted or state.in_force, state, words)


def network_line(network: OtherNetwork, *, on: date) -> NetworkLine:
    """Another network with its link, unless consent there ran out (T-D9)."""
    blocked = ""
    if network.ended_on and network.ended_on < on:
        blocked = f"{format_long(network.ended_on)}に終了しています。"
    elif network.consent_until and network.consent_until < on:
        blocked = (
            f"そこでの同意の期限（{format_long(network.consent_until)}）が過ぎているため開けません。"
            "同意を取り直し、期限を直してください。"
        )
    facts = (
        ("番号", network.number),
        ("登録日", format_long(network.since_on) if network.since_on else ""),
        ("同意の期限", format_long(network.consent_until) if network.consent_until else ""),
    )
    words = "　".join(f"{label} {text}" for label, text in facts if text)
    url = "" if blocked else network.url
    return NetworkLine(network, network_name(network), words, url, blocked)


# What was corrected ----------------------------------------------------------------------

_SUBJECT_WORDS = {
    "patient": "本人",
    "relative": "家族",
    "provider": "医療機関・事業所",
    "othernetwork": "連携システム",
}


@dataclass(frozen=True)
class ChangeLine:
    """One correction: from what to what, and whether it can still be undone."""

    change: RecordChange
    subject: str
    label: str
    before: str
    after: str
    undoable: bool


def change_lines(
    viewer: Viewer, patient: Patient, changes: Iterable[RecordChange]
) -> list[ChangeLine]:
    """What was corrected; of relatives without consent only the host reads the values."""
    page = person_page_of(viewer, patient)
    closed = {line.relative.uid for line in page.relatives if not line.open}
    known = {line.relative.uid for line in page.relatives}
    lines = []
    for change in changes:
        of_relative = change.subject == "relative"
        hidden = (
            of_relative
            and not page.may_host
            and (change.subject_uid in closed or change.subject_uid not in known)
        )
        lines.append(_change_line(change, hidden=hidden, may_undo=page.may_correct))
    return lines


def _change_line(change: RecordChange, *, hidden: bool, may_undo: bool) -> ChangeLine:
    field = SUBJECTS[change.subject]._meta.get_field(change.field)  # noqa: SLF001 - public Meta API
    before, after = (
        NO_CONSENT if hidden else _value_text(field, value)
        for value in (change.before, change.after)
    )
    return ChangeLine(
        change,
        _SUBJECT_WORDS[change.subject],
        str(getattr(field, "verbose_name", change.field)),
        before,
        after,
        undoable=may_undo and not hidden and change.undone_at is None,
    )


def _value_text(field: Any, value: Any) -> str:
    if value is None or value == "":
        return "記録なし"
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, list):
        return "～".join(_day_text(part) for part in value)
    choices = dict(getattr(field, "choices", None) or ())
    if value in choices:
        return str(choices[value])
    return _day_text(value) if field.get_internal_type() == "DateField" else str(value)


def _day_text(value: str | None) -> str:
    return format_both(date.fromisoformat(value)) if value else ""

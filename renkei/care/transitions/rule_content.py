"""What an edition of an 入退院調整ルール says, as typed values: pure, no database.

A value that a region copied from a document names it in ``source``; one that was only put there to
make an example says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from django.core.exceptions import ValidationError

from renkei.care.transitions.models.cases import FactKind, PatientClass, Side

CALENDAR_DAYS: Final = "calendar_days"
BUSINESS_DAYS: Final = "business_days"
HOURS: Final = "hours"
UNITS: Final = {CALENDAR_DAYS: "日", BUSINESS_DAYS: "営業日", HOURS: "時間"}
# What the last day does when the acting office is closed on it.
STAYS: Final = "stays"
NEXT_BUSINESS_DAY: Final = "next_business_day"
SAME_DAY: Final = "same_day"
PLANNED_DISCHARGE: Final = "planned_discharge"
MOST: Final = 366
Raw = Mapping[str, Any]


@dataclass(frozen=True)
class Criterion:
    """One reason why a patient without a care manager needs coordination."""

    code: str
    text: str
    source: str


@dataclass(frozen=True)
class Step:
    """One step as the rule book tells it."""

    number: str
    title: str
    side: str
    when: str
    form: str
    source: str


@dataclass(frozen=True)
class Deadline:
    """T1–T6. Counted from ``starts`` (the fact is day 0), or back from the planned discharge.

    ``done_by``: any of these facts meets it. ``classes``: whom it concerns. ``after_hours``: what
    happens to day 0 when the fact falls outside the acting office's hours.
    """

    code: str
    label: str
    side: str
    starts: str
    done_by: tuple[str, ...]
    amount: int
    unit: str
    classes: tuple[str, ...]
    after_hours: str
    closed_day: str
    soon_days: int
    source: str

    @property
    def counts_back(self) -> bool:
        return self.starts == PLANNED_DISCHARGE


@dataclass(frozen=True)
class MetricDefinition:
    """A number with its definition in words: numbers of different words are never mixed."""

    code: str
    label: str
    text: str
    numerator: str
    denominator: str
    # What the denominator takes in.
    counts_facilities: bool
    counts_transfers: bool
    counts_deaths: bool
    counts_support_levels: bool
    # Stays of at most this many days are left out; 0: none is.
    leaves_out_stays_up_to_days: int
    source: str


@dataclass(frozen=True)
class LeakReason:
    """Why nobody told: a code, and no blame."""

    code: str
    text: str


@dataclass(frozen=True)
class RuleForm:
    """A form of the ``sheets`` room this rule uses, and for which fact."""

    code: str
    fact: str


@dataclass(frozen=True)
class RuleContent:
    """One edition of a rule."""

    title: str
    summary: str
    # In words, for the page: how days are counted.
    counting: str
    classes: tuple[Criterion, ...]
    criteria: tuple[Criterion, ...]
    steps: tuple[Step, ...]
    deadlines: tuple[Deadline, ...]
    forms: tuple[RuleForm, ...]
    metrics: tuple[MetricDefinition, ...]
    leak_reasons: tuple[LeakReason, ...]
    # The follow-up of a stay is not waited for any longer than this.
    closes_after_days: int
    contact_stale_after_months: int
    notes: tuple[str, ...]

    def deadline(self, code: str) -> Deadline | None:
        """One of its deadlines."""
        return next((each for each in self.deadlines if each.code == code), None)

    def as_json(self) -> dict[str, Any]:
        """What ``parse`` reads."""
        return asdict(self)


PARTS: Final[dict[str, type[Any]]] = {
    "classes": Criterion,
    "criteria": Criterion,
    "steps": Step,
    "deadlines": Deadline,
    "forms": RuleForm,
    "metrics": MetricDefinition,
    "leak_reasons": LeakReason,
}
_KINDS = {kind.value for kind in FactKind}
_ALLOWED: Final[dict[tuple[str, str], frozenset[str]]] = {
    ("Deadline", "side"): frozenset(Side.values),
    ("Deadline", "unit"): frozenset(UNITS),
    ("Deadline", "starts"): frozenset(_KINDS | {PLANNED_DISCHARGE}),
    ("Deadline", "done_by"): frozenset(_KINDS),
    ("Deadline", "classes"): frozenset(PatientClass.values),
    ("Deadline", "after_hours"): frozenset({SAME_DAY, NEXT_BUSINESS_DAY}),
    ("Deadline", "closed_day"): frozenset({STAYS, NEXT_BUSINESS_DAY}),
    ("RuleForm", "fact"): frozenset(_KINDS),
}


def parse(raw: Raw) -> RuleContent:
    """A stored edition as typed values.

    Raises:
        ValidationError: something is missing, of the wrong kind, or unknown; each with its place.
    """
    problems: list[str] = []
    values = _object(RuleContent, raw, "ルール", problems)
    for name, kind in PARTS.items():
        rows = values.get(name) or ()
        values[name] = tuple(
            _part(kind, row, f"{name} の{place}番目", problems)
            for place, row in enumerate(rows, start=1)
        )
    if problems:
        raise ValidationError(problems)
    content = RuleContent(**values)
    _check(content)
    return content


def _part(kind: type[Any], row: Any, place: str, problems: list[str]) -> Any:
    if not isinstance(row, Mapping):
        problems.append(f"{place}：項目の組を入力してください。")
        return None
    count = len(problems)
    values = _object(kind, row, place, problems)
    return kind(**values) if len(problems) == count else None


def _object(kind: type[Any], raw: Raw, place: str, problems: list[str]) -> dict[str, Any]:
    """The fields of ``kind`` found in ``raw``; what is wrong is added to ``problems``."""
    known = {field.name: str(field.type) for field in fields(kind)}
    problems += [f"{place}：「{name}」は使えない項目です。" for name in raw if name not in known]
    values: dict[str, Any] = {}
    for name, wanted in known.items():
        if name not in raw:
            problems.append(f"{place}：「{name}」を入力してください。")
            continue
        value = raw[name]
        if not _fits(value, wanted):
            problems.append(f"{place}：「{name}」の値を確かめてください。")
            continue
        allowed = _ALLOWED.get((kind.__name__, name))
        given = value if isinstance(value, (list, tuple)) else [value]
        if allowed and not set(given) <= allowed:
            problems.append(f"{place}：「{name}」は決められた値から選んでください。")
        values[name] = tuple(value) if isinstance(value, list) else value
    return values


def _fits(value: Any, wanted: str) -> bool:
    if wanted.startswith("tuple"):
        inner = isinstance(value, (list, tuple))
        return inner and ("str" not in wanted or all(isinstance(each, str) for each in value))
    if wanted == "bool":
        return isinstance(value, bool)
    if wanted == "int":
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST
    return isinstance(value, str)


def _check(content: RuleContent) -> None:
    for name, rows in (
        ("期限", content.deadlines),
        ("指標", content.metrics),
        ("もれの理由", content.leak_reasons),
        ("基準", content.criteria),
    ):
        codes = [row.code for row in rows]
        if len(set(codes)) != len(codes):
            message = f"{name}の符号が重なっています。別の符号にしてください。"
            raise ValidationError(message)
    if not content.title:
        raise ValidationError("ルールの題名を入力してください。")
    for deadline in content.deadlines:
        if not deadline.done_by:
            message = f"{deadline.code}：何があったら実施とするかを選んでください。"
            raise ValidationError(message)
        if deadline.counts_back and deadline.unit == HOURS:
            message = f"{deadline.code}：退院予定日からは日か営業日で数えてください。"
            raise ValidationError(message)


def counting_text(deadline: Deadline) -> str:
    """入院から2日以内, in words."""
    unit = UNITS[deadline.unit]
    if deadline.counts_back:
        return f"退院予定日の{deadline.amount}{unit}前まで"
    start = START_WORDS.get(deadline.starts, FactKind(deadline.starts).label)
    if deadline.amount == 0:
        return f"{start}の当日"
    return f"{start}から{deadline.amount}{unit}以内"


START_WORDS: Final = {
    FactKind.ADMISSION_REGISTERED.value: "入院",
    FactKind.SCREENING_DONE.value: "退院困難の確認",
    FactKind.DISCHARGED.value: "退院",
    FactKind.CM_IDENTIFIED.value: "ケアマネがわかった日",
}


def leak_reason_text(content: RuleContent | None, code: str) -> str:
    """The words of a leak reason; those of the common list where the rule names none."""
    reasons: Sequence[LeakReason] = content.leak_reasons if content else LEAK_REASONS
    return next((each.text for each in (*reasons, *LEAK_REASONS) if each.code == code), "")


# Source: domain/admission-discharge-rules.md §4.1 (from the items of the yearly surveys).
LEAK_REASONS: Final = (
    LeakReason("01", "病院がケアマネを把握できなかった"),
    LeakReason("02", "連絡したがつながらない"),
    LeakReason("03", "急な退院"),
    LeakReason("04", "短期入院のため不要と判断"),
    LeakReason("05", "要支援のため連絡しなかった"),
    LeakReason("06", "本人・家族が拒否"),
    LeakReason("07", "退院先の変更"),
    LeakReason("08", "その他"),
)

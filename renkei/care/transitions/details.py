"""What may be written down about each kind of fact: plain values with their words. Pure.

``content`` fields are free text about the person: without consent they stay empty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError

from renkei.care.transitions.models.cases import FactKind, PatientClass, Side
from renkei.care.transitions.rule_content import LEAK_REASONS
from renkei.foundation.common import eras

TEXT_LIMIT: Final = 1000
K = FactKind
WAYS: Final = {"planned": "予定", "emergency": "緊急"}
CLASSES: Final = {choice.value: choice.label for choice in PatientClass}
SOURCES: Final = {
    "card": "ケアマネの名刺カード",
    "family": "本人・家族",
    "city": "市町村・包括支援センター",
    "network": "連携",
    "hospital": "前の病院",
    "other": "その他",
}
DESTINATIONS: Final = {
    "home": "自宅",
    "housing": "高齢者の住まい",
    "facility": "施設",
    "hospital": "ほかの病院",
    "other": "その他",
}
LEARNED: Final = {
    "family": "本人・家族",
    "neighbour": "近所の人",
    "service": "サービス事業所",
    "visit": "訪問したとき",
    "other": "その他",
}
REASONS: Final = {one.code: one.text for one in LEAK_REASONS}
# How it goes at home, for the hospital. Source: domain/admission-discharge-rules.md §3 (9), §4.
AT_HOME: Final = {
    "as_planned": "予定どおり過ごせている",
    "trouble": "困りごとがある",
    "readmitted": "また入院した",
    "died": "亡くなった",
}
OUTCOMES: Final = {"reached": "話せた", "not_reached": "つながらなかった"}


@dataclass(frozen=True)
class Detail:
    """One value of a detail. ``kind``: choice, text, day, moment, number, flag, list or uid."""

    name: str
    label: str
    kind: str
    choices: Mapping[str, str] | None = None
    required: bool = False
    content: bool = False


NOTE: Final = Detail("note", "ひとこと", "text", content=True)
# The sheets that went out, and the sheet or entry that came back.
ANSWER: Final = Detail("answer_uid", "送った様式", "uid")
PAGES: Final = Detail("pages", "枚数", "number")
REPLY_TO: Final = Detail("reply_to", "返事をもらった記録", "uid")
ENTRY: Final = Detail("entry_uid", "紙の返事", "uid")
CONFERENCE: Final = Detail("conference", "カンファレンス", "uid")
HELD_WITH: Final = {"hospital": "病院の職員と", "care": "在宅側だけで"}
DESTINATION: Final = Detail("destination", "退院先", "choice", DESTINATIONS)
REASON: Final = Detail("reason", "理由", "text", required=True, content=True)
DETAILS: Final[Mapping[str, tuple[Detail, ...]]] = {
    K.ADMISSION_REGISTERED: (
        Detail("way", "入院のしかた", "choice", WAYS),
        Detail("class", "区分", "choice", CLASSES),
        NOTE,
    ),
    K.CM_IDENTIFIED: (Detail("source", "きっかけ", "choice", SOURCES), NOTE),
    K.ADMISSION_INFO_SENT: (ANSWER, PAGES, NOTE),
    K.ADMISSION_INFO_RECEIVED: (REPLY_TO, ENTRY, NOTE),
    K.CONTACT: (
        Detail("outcome", "結果", "choice", OUTCOMES),
        ANSWER,
        REPLY_TO,
        ENTRY,
        NOTE,
    ),
    K.SUMMARY_HANDED_OVER: (ANSWER, NOTE),
    K.FOLLOW_UP_REPORTED: (Detail("at_home", "家での様子", "choice", AT_HOME), ANSWER, NOTE),
    K.SCREENING_DONE: (
        Detail("needed", "退院支援が必要", "flag"),
        Detail("criteria", "あてはまる基準", "list"),
        NOTE,
    ),
    K.CERTIFICATION_APPLIED: (Detail("applied_on", "申請日", "day"), NOTE),
    K.DISCHARGE_NOTIFIED: (
        Detail("planned_on", "退院予定日", "day", required=True),
        DESTINATION,
        NOTE,
    ),
    K.CONFERENCE_SCHEDULED: (
        Detail("planned_at", "予定日時", "moment", required=True),
        CONFERENCE,
        NOTE,
    ),
    K.CONFERENCE_HELD: (
        ANSWER,
        CONFERENCE,
        Detail("professions", "出た職種", "list"),
        Detail("with", "だれとの会議か", "choice", HELD_WITH),
        Detail("joint_guidance", "退院時共同指導料2 注3の要件を満たす", "flag"),
        NOTE,
    ),
    K.DISCHARGED: (DESTINATION, NOTE),
    K.DISCHARGED_WITHOUT_NOTICE: (
        Detail("reason_code", "理由", "choice", REASONS, required=True),
        Detail("learned_from", "知ったきっかけ", "choice", LEARNED),
        NOTE,
    ),
    K.TRANSFER_NOTIFIED: (Detail("next_case", "次の入院", "uid"), NOTE),
    K.RETRACTED: (REASON,),
    K.CANCELLED: (REASON,),
}
# A leak is what the care side finds out; nobody else can say so.
ONLY_SIDE: Final[Mapping[str, str]] = {K.DISCHARGED_WITHOUT_NOTICE: Side.CARE}
# Whose act each kind is, where it is always the same one's.
USUAL_SIDE: Final[Mapping[str, str]] = {
    K.ADMISSION_REGISTERED: Side.HOSPITAL,
    K.ADMISSION_INFO_SENT: Side.CARE,
    K.ADMISSION_INFO_RECEIVED: Side.HOSPITAL,
    K.SCREENING_DONE: Side.HOSPITAL,
    K.TALK_HELD: Side.HOSPITAL,
    K.CM_CONTRACTED: Side.CARE,
    K.DISCHARGE_NOTIFIED: Side.HOSPITAL,
    K.CONFERENCE_SCHEDULED: Side.HOSPITAL,
    K.CONFERENCE_HELD: Side.HOSPITAL,
    K.PLAN_AGREED: Side.CARE,
    K.SUMMARY_HANDED_OVER: Side.HOSPITAL,
    K.DISCHARGED: Side.HOSPITAL,
    K.DISCHARGED_WITHOUT_NOTICE: Side.CARE,
    K.FOLLOW_UP_REPORTED: Side.CARE,
    K.TRANSFER_NOTIFIED: Side.HOSPITAL,
    K.DIED_IN_HOSPITAL: Side.HOSPITAL,
}


def details_of(kind: str) -> tuple[Detail, ...]:
    """What may be written about this kind of fact."""
    return DETAILS.get(kind, (NOTE,))


def clean(kind: str, raw: Mapping[str, Any], *, allow_content: bool) -> dict[str, Any]:
    """The detail as it is stored: known names only, plain JSON, empty values left out.

    Raises:
        ValidationError: something required is missing, or a value is none of its kind.
    """
    known = {detail.name: detail for detail in details_of(kind)}
    unknown = [name for name, value in raw.items() if name not in known and value]
    if unknown:
        raise ValidationError("この記録には書けない項目があります。画面を開き直してください。")
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, detail in known.items():
        try:
            value = _plain(detail, raw.get(name))
        except (ValueError, TypeError):
            problems[name] = f"{detail.label}の値を確かめてください。"
            continue
        if value in ("", None, []):
            if detail.required and not (detail.content and not allow_content):
                problems[name] = f"{detail.label}を入力してください。"
        elif detail.content and not allow_content:
            problems[name] = (
                f"本人の同意がないため、{detail.label}は書けません。空にして記録してください。"
            )
        else:
            values[name] = value
    if problems:
        raise ValidationError(problems)
    return values


def _plain(detail: Detail, value: Any) -> Any:
    if value in (None, "", [], ()):
        return None
    if detail.kind == "choice":
        if value not in (detail.choices or {}):
            raise ValueError(value)
        return value
    return _READ[detail.kind](value)


def _text(value: Any) -> str:
    text = str(value).strip()
    if len(text) > TEXT_LIMIT:
        raise ValueError(len(text))
    return text


def _day(value: Any) -> str:
    day = value if isinstance(value, date) else date.fromisoformat(str(value))
    return day.isoformat()


def _moment(value: Any) -> str:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment.isoformat()


_READ: Final[Mapping[str, Callable[[Any], Any]]] = {
    "text": _text,
    "day": _day,
    "moment": _moment,
    "number": int,
    "flag": bool,
    "list": lambda value: [_text(each) for each in value if _text(each)],
    "uid": lambda value: str(UUID(str(value))),
}


def words(kind: str, stored: Mapping[str, Any], *, content: bool) -> list[tuple[str, str]]:
    """(label, words) of what is stored; free text only for those who may read content."""
    lines = []
    for detail in details_of(kind):
        value = stored.get(detail.name)
        if value in (None, "", []) or detail.kind == "uid" or (detail.content and not content):
            continue
        lines.append((detail.label, _words_of(detail, value)))
    return lines


def _words_of(detail: Detail, value: Any) -> str:
    if detail.choices:
        return str(detail.choices.get(value, value))
    if detail.kind == "day":
        return eras.format_western(date.fromisoformat(value))
    if detail.kind == "moment":
        moment = datetime.fromisoformat(value)
        return f"{eras.format_western(moment.date())} {moment:%H:%M}"
    if detail.kind == "flag":
        return "はい" if value else "いいえ"
    return "、".join(value) if isinstance(value, list) else str(value)

"""What is asked of every event, so that reviews can be counted. Pure data.

Source: domain/forms.md §9.3 (fields of a DNAR record, conditions); the council counts the answers
(indicator E-P3, domain/indicators.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Question:
    """One question with its choices; the first choice is always 不明."""

    code: str
    label: str
    choices: tuple[tuple[str, str], ...]


UNKNOWN: Final = ("unknown", "不明")
YES_NO: Final = (UNKNOWN, ("yes", "はい"), ("no", "いいえ"))
QUESTIONS: Final = (
    Question(
        "place",
        "出来事のあった所",
        (UNKNOWN, ("own_home", "自宅"), ("care_home", "施設"), ("other", "その他")),
    ),
    Question(
        "age_band",
        "年代",
        (
            UNKNOWN,
            ("under_65", "65歳未満"),
            ("65_74", "65～74歳"),
            ("75_84", "75～84歳"),
            ("85", "85歳以上"),
        ),
    ),
    Question("record", "意思の記録があった", YES_NO),
    Question("record_seen", "救急隊が現場で記録を見られた", YES_NO),
    Question("conditions", "地域の取り決めの確認がそろっていた", YES_NO),
    Question("doctor_reached", "医師に電話がつながった", YES_NO),
    Question("family_agreed", "その場の家族が記録を知っていた", YES_NO),
    Question(
        "resuscitation",
        "心肺蘇生",
        (
            UNKNOWN,
            ("continued", "続けた"),
            ("stopped", "医師の指示で中断した"),
            ("not_begun", "始めなかった"),
        ),
    ),
    Question(
        "handed_to",
        "引き継いだ先",
        (
            UNKNOWN,
            ("hospital", "病院"),
            ("doctor", "かかりつけ医"),
            ("family", "家族"),
            ("other", "その他"),
        ),
    ),
)
BY_CODE: Final = {question.code: question for question in QUESTIONS}


def words_of(answers: dict[str, str]) -> list[tuple[str, str]]:
    """Question and answer in words, in order; what nobody answered is 記録なし."""
    return [
        (one.label, dict(one.choices).get(answers.get(one.code, ""), "記録なし"))
        for one in QUESTIONS
    ]

"""The fields of a service as people see them: label, kind of value, and for whom by default.

One list for the edit form, the diff, the publication page and every presenter. A column of a
town's own list ("そのほかの項目") is a field too; its key begins with ``attributes.`` and it is
for 行政 until a person releases it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from renkei.foundation.common.audience import Audience

ATTRIBUTE_PREFIX = "attributes."


class FieldKind(Enum):
    """How a value is entered and shown."""

    LINE = "line"
    TEXT = "text"
    KANA = "kana"
    POSTCODE = "postcode"
    PHONE = "phone"
    EMAIL = "email"
    URL = "url"
    NUMBER = "number"
    DEGREES = "degrees"
    WORDS = "words"  # a list of short texts
    CAPABILITIES = "capabilities"
    HOURS = "hours"
    STATUS = "status"


@dataclass(frozen=True)
class FieldInfo:
    """One field of ``models.Service``; ``key`` is the column's name."""

    key: str
    label: str
    kind: FieldKind = FieldKind.LINE
    # What the ministries publish is for residents by law; the rest waits for a decision (T-A11).
    audience: Audience = Audience.PUBLIC
    # The number of a record in its source is who it is: a correction would make it another record.
    editable: bool = True


FIELDS: dict[str, FieldInfo] = {
    field.key: field
    for field in (
        FieldInfo("name", "事業所の名称"),
        FieldInfo("kana", "名称（カナ）", FieldKind.KANA),
        FieldInfo("office_number", "事業所番号", editable=False),
        FieldInfo("institution_code", "医療機関コード", editable=False),
        FieldInfo("postcode", "郵便番号", FieldKind.POSTCODE),
        FieldInfo("address", "住所"),
        FieldInfo("building", "方書（建物・階）"),
        FieldInfo("latitude", "緯度", FieldKind.DEGREES),
        FieldInfo("longitude", "経度", FieldKind.DEGREES),
        FieldInfo("phone", "電話番号", FieldKind.PHONE),
        FieldInfo("fax", "FAX番号", FieldKind.PHONE),
        # In the open it invites machines; the offices gave it to the ministry, not to everybody.
        FieldInfo("email", "メールアドレス", FieldKind.EMAIL, Audience.PARTNER),
        FieldInfo("url", "ホームページ", FieldKind.URL),
        FieldInfo("corporate_name", "法人の名称"),
        FieldInfo("corporate_number", "法人番号", editable=False),
        FieldInfo("days", "利用できる曜日"),
        FieldInfo("days_note", "曜日についての補足", FieldKind.TEXT),
        FieldInfo("hours", "時間", FieldKind.HOURS),
        FieldInfo("departments", "診療科目", FieldKind.WORDS),
        FieldInfo("capabilities", "機能", FieldKind.CAPABILITIES),
        FieldInfo("capacity", "定員", FieldKind.NUMBER),
        FieldInfo("beds", "病床数"),
        FieldInfo("visiting_area", "訪問の範囲"),
        FieldInfo("remarks", "備考", FieldKind.TEXT),
        FieldInfo("status", "掲載の状態", FieldKind.STATUS),
    )
}


def is_attribute(field: str) -> bool:
    """Whether the field is a column of a town's own list."""
    return field.startswith(ATTRIBUTE_PREFIX) and len(field) > len(ATTRIBUTE_PREFIX)


def default_audience(field: str) -> Audience:
    """For whom a field is while nobody has decided. What is not known is for 行政 only."""
    known = FIELDS.get(field)
    return known.audience if known else Audience.GOVERNMENT


def field_label(field: str) -> str:
    """The Japanese name of a field; an own column is named as its list names it."""
    known = FIELDS.get(field)
    return known.label if known else field.removeprefix(ATTRIBUTE_PREFIX)

"""Filters of the register's staff pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django import template
from django.template import Context
from django.urls import reverse
from django.utils import timezone

from renkei.foundation.common import eras
from renkei.foundation.common.clock import TOKYO
from renkei.registry.facilities import fields
from renkei.registry.facilities.open_data.layouts import TITLES, Dataset
from renkei.registry.facilities.queries_staff import waiting

register = template.Library()

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8（BOM付き）",
    "cp932": "Shift_JIS（Windows）",
    "utf-16": "UTF-16",
}


@register.filter
def person(names: Mapping[int, str], user_id: int | None) -> str:
    """The colleague's name; somebody whose account is gone stays 職員."""
    return names.get(user_id, "職員") if user_id is not None else "職員"


@register.filter
def jtime(at: datetime | None) -> str:
    """2026年11月20日（金）14時12分; "" for nothing."""
    if at is None:
        return ""
    local = timezone.localtime(at, TOKYO)
    return f"{eras.format_screen(local.date())}{local.hour}時{local.minute:02}分"


@register.filter
def field_label(field: str) -> str:
    """The Japanese name of a field of the register."""
    return fields.field_label(field)


@register.filter
def encoding_name(encoding: str) -> str:
    """The encoding of a file as people know it."""
    return ENCODINGS.get(encoding.lower(), encoding.upper())


@register.filter
def western(day: date | None) -> str:
    """2026年6月30日, without the weekday: of a file, or inside brackets."""
    if isinstance(day, datetime):
        day = timezone.localtime(day, TOKYO).date()
    return eras.format_western(day) if day else ""


@register.inclusion_tag("facilities/staff_menu.html", takes_context=True)
def register_menu(context: Context) -> dict[str, object]:
    """``{% register_menu %}``: the jobs of the city office at the register, with what waits."""
    path = context["request"].path
    found = waiting()
    jobs = (
        ("import_list", "データの取り込み", None),
        ("request_list", "修正の依頼", found.requests),
        ("place_list", "同じ場所かどうか", found.pairs),
        ("publication_list", "だれに見せるか", None),
        ("booklet_list", "冊子", None),
        ("open_data_list", "オープンデータ", None),
        ("booklet_list", "冊子", None),
        ("open_data_list", "オープンデータ", None),
    )
    items = [
        {
            "url": (url := reverse(f"facilities:{name}")),
            "label": label,
            "count": count,
            "current": path == url,
        }
        for name, label, count in jobs
    ]
    return {"items": items}


@register.filter
def dataset_title(dataset: str) -> str:
    """The Japanese name of a published table."""
    return TITLES[Dataset(dataset)]

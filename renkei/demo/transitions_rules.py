"""The rule 架空広域 agreed on, its revision that was just announced, and the contact list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction

from renkei.care.transitions.models import OfficeKind, ReadWay, Rule, RuleVersion
from renkei.care.transitions.queries.announcements import office_of, offices_of
from renkei.care.transitions.rule_content import parse
from renkei.care.transitions.rule_editing import fingerprint, part_of
from renkei.care.transitions.services.announcements import announce, note_reading, record_reading
from renkei.care.transitions.services.contacts import write_contact
from renkei.care.transitions.services.drafts import (
    publish_draft,
    start_revision,
    start_rule,
    write_part,
)
from renkei.care.transitions.services.rules import adopt_rule, load_shipped_rules
from renkei.demo.care import viewer_named
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.common import clock
from renkei.foundation.common.eras import fiscal_year

Say = Callable[[str], None]
NAME: Final = "架空広域 入退院調整ルール"
BEGUN: Final = date(2024, 4, 1)
WEEKDAYS: Final = {str(day): [["08:30", "17:15"]] for day in range(5)}
LONGER: Final = {str(day): [["09:00", "18:00"]] for day in range(5)}
CLINIC: Final = {
    **{str(day): [["09:00", "12:00"], ["14:00", "18:00"]] for day in (0, 1, 2, 4)},
    "5": [["09:00", "12:00"]],
}


@dataclass(frozen=True)
class Window:
    """One contact point: who wrote it, when it was confirmed, what it says."""

    by: str
    days_ago: int
    kind: OfficeKind
    phone: str
    fax: str = ""
    ward: str = ""
    values: tuple[tuple[str, Any], ...] = ()


WINDOWS: Final = (
    Window("chidori", 40, OfficeKind.HOSPITAL, "0999-00-7000", "0999-00-7009", values=(
        ("person_name", "千鳥 恵"), ("title", "地域連携室"), ("extension", "214"),
        ("weekly_hours", WEEKDAYS), ("night_phone", "0999-00-7099"),
        ("meeting_note", "面談は対面かオンライン。前日までに地域連携室へ電話"),
        ("note", "預かった書類は地域連携室から病棟へ届けます"),
    )),
    Window("chidori", 40, OfficeKind.HOSPITAL, "0999-00-7000", ward="3階東", values=(
        ("person_name", "病棟師長"), ("extension", "331"), ("weekly_hours", WEEKDAYS),
    )),
    Window("chidori", 40, OfficeKind.HOSPITAL, "0999-00-7000", ward="4階西", values=(
        ("person_name", "退院支援看護師"), ("extension", "441"), ("weekly_hours", WEEKDAYS),
    )),
    Window("omori", 95, OfficeKind.CARE_MANAGER, "0999-00-3121", "0999-00-3129", values=(
        ("person_name", "大森 千景"), ("weekly_hours", LONGER),
        ("night_phone", "090-0000-3121"),
    )),
    Window("hayakawa", 400, OfficeKind.NURSING, "0999-00-1201", "0999-00-1209", values=(
        ("person_name", "早川 みのり"), ("weekly_hours", WEEKDAYS),
        ("note", "24時間の電話当番があります"),
    )),
    Window("shirai", 410, OfficeKind.CLINIC, "0999-00-2045", "0999-00-2049", values=(
        ("title", "受付"), ("weekly_hours", CLINIC),
        ("meeting_note", "電話は診療の終わる18時前に"), ("preferred_channel", "fax"),
    )),
    Window("miyashita", 20, OfficeKind.PHARMACY, "0999-00-5510", "0999-00-5519", values=(
        ("person_name", "宮下 航"), ("weekly_hours", LONGER),
    )),
    Window("minato", 12, OfficeKind.DESK, "0999-00-0110", "0999-00-0119", values=(
        ("person_name", "湊 千夏"), ("title", "コーディネーター"), ("weekly_hours", WEEKDAYS),
    )),
)  # fmt: skip


@transaction.atomic
def agree_on_rule() -> Rule:
    """Bring the examples, and let the region go by its own rule since 2024; once."""
    load_shipped_rules(actor=SYSTEM)
    found = Rule.objects.filter(name=NAME).first()
    if found is not None:
        return found
    area = Area.objects.get(level=AreaLevel.SECONDARY_MEDICAL, prefecture_code="99")
    viewer = viewer_named("kawase")
    source = RuleVersion.objects.filter(rule__code="example-calendar").latest("number")
    with clock.told_at(_noon(BEGUN - timedelta(days=20))):
        draft = start_rule(viewer=viewer, source=source, name=NAME, area=area)
        _write(viewer, draft, "basics", _basics(draft))
        version = publish_draft(
            viewer=viewer,
            draft=draft,
            first_day=BEGUN,
            reason="病院とケアマネジャーの連絡のもれをなくすため、はじめて定めた。",
            decision="令和5年度 第3回 架空広域 入退院調整ルール検討会",
        )
        adopt_rule(actor=viewer.actor, rule=version.rule, area=area, first_day=BEGUN)
    return version.rule


@transaction.atomic
def write_windows() -> None:
    """Every office wrote its contact points; two have not looked at theirs for over a year."""
    for window in WINDOWS:
        _write_window(window)


@transaction.atomic
def announce_revision(say: Say) -> None:
    """Publish the next edition and tell everybody; some have read it."""
    rule = agree_on_rule()
    if rule.versions.count() > 1:
        return
    secretary = viewer_named("kawase")
    with clock.told_at(clock.now() - timedelta(days=9)):
        version = _revise(secretary, rule)
        announcement = announce(
            viewer=secretary,
            version=version,
            message="来年度から、退院の連絡を早めます。\n"
            "説明会は2月に2回、架空市の健康センターで開きます。",
            reply_fax="0999-00-0109",
        )
    for who, days in (("omori", 8), ("chidori", 6), ("minato", 5)):
        viewer = viewer_named(who)
        office = office_of(announcement, viewer)
        if office is not None:
            with clock.told_at(clock.now() - timedelta(days=days)):
                record_reading(viewer=viewer, office=office)
    outside = [one for one in offices_of(announcement) if one.facility_id]
    for office in outside[:2]:
        with clock.told_at(clock.now() - timedelta(days=3)):
            note_reading(viewer=secretary, office=office, way=ReadWay.FAX)
    say("入退院調整ルールの改訂を用意しました")


def _revise(viewer: Viewer, rule: Rule) -> RuleVersion:
    draft = start_revision(viewer=viewer, rule=rule, source=rule.versions.order_by("-number")[0])
    content = parse(draft.content)
    deadlines = part_of(content, "deadlines")
    for row in deadlines:
        if row["code"] == "T5":
            row |= {"amount": 10, "soon_days": 3, "source": "令和8年度 第2回 運用会議"}
        if row["code"] == "T6":
            row["amount"] = 10
    _write(viewer, draft, "deadlines", deadlines)
    criteria = part_of(content, "criteria")
    criteria[3]["text"] = "日常生活に支障を来す症状のある認知症、または急な環境の変化で混乱する"
    criteria.append(
        {
            "code": "8",
            "text": "この30日のうちに退院したばかり",
            "source": "令和8年度 第2回 運用会議",
        }
    )
    _write(viewer, draft, "criteria", criteria)
    return publish_draft(
        viewer=viewer,
        draft=draft,
        first_day=date(fiscal_year(clock.today()).year + 1, 4, 1),
        reason="退院の前の準備が間に合わない例が続いたため、連絡を早める。",
        decision="令和8年度 第2回 架空広域 入退院調整ルール運用会議",
    )


def _basics(draft: RuleVersion) -> dict[str, Any]:
    basics: dict[str, Any] = part_of(parse(draft.content), "basics")
    return basics | {
        "summary": "架空広域の病院とケアマネジャーが、入院した日から退院後まで、"
        "互いに伝えることと期限を決めます。要介護の方も要支援の方も対象です。",
    }


def _write(viewer: Viewer, draft: RuleVersion, part: str, value: Any) -> None:
    draft.refresh_from_db()
    seen = fingerprint(parse(draft.content), part)
    write_part(viewer=viewer, draft=draft, part=part, value=value, seen=seen)
    draft.refresh_from_db()


def _write_window(window: Window) -> None:
    values = {
        "office_kind": window.kind.value,
        "phone": window.phone,
        "fax": window.fax,
        **dict(window.values),
    }
    viewer = viewer_named(window.by)
    with clock.told_at(clock.now() - timedelta(days=window.days_ago)):
        write_contact(viewer=viewer, ward=window.ward, values=values)


def _noon(day: date) -> datetime:
    return clock.midnight(day) + timedelta(hours=12)

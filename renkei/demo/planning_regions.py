"""The region above the towns: support, the 保健所's own plan, the base, sharing tools."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from renkei.care.transitions.queries.reviews import review_for
from renkei.care.transitions.services import reviews
from renkei.demo.care import viewer_named
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock
from renkei.foundation.common.documents.letters import Heading, letter_pdf
from renkei.foundation.common.eras import fiscal_year
from renkei.programme.planning.frames import Scene
from renkei.programme.planning.models import Council, Grouping, MeetingState
from renkei.programme.planning.proofs import ProofFile
from renkei.programme.planning.queries.bases import (
    areas_for_bases,
    base_door,
    bodies_for_bases,
    municipalities_of,
)
from renkei.programme.planning.queries.plans import plan_door
from renkei.programme.planning.queries.support import (
    case_door,
    request_door,
    watched_municipalities,
)
from renkei.programme.planning.queries.tools import tool_door
from renkei.programme.planning.services import bases, plans, support, tools
from renkei.programme.planning.services.issues import raise_issue

Say = Callable[[str], None]
CITY, NEIGHBOUR, PREFECTURE, DESK = "kawase", "shiomi", "misaki", "minato"
# Issues and projects in the words of S0's table of a prefecture: (title, scenes).
ISSUES: Final = (
    ("切れ目なく在宅医療を提供する体制の整備", ["daily"]),
    ("がん患者などの在宅での緩和ケアの体制", ["daily"]),
    ("入院早期から退院後を見据えた退院支援の充実", ["hospital"]),
    ("急変時に入院を受け入れる医療機関を各地で確保", ["acute"]),
    ("看取りを支える診療所・訪問看護ステーションを増やす", ["end"]),
)
PROJECTS: Final = (
    ("在宅医療推進協議会運営事業", ["daily", "hospital", "acute", "end"], ""),
    ("診療情報ネットワーク活用拡大事業", ["hospital", "acute"], "医師会"),
    ("病院関係職員在宅医療推進研修事業", ["hospital"], "病院協会"),
    ("訪問看護ステーション連携強化・看取り促進事業", ["daily", "end"], "訪問看護の協議会"),
    ("小児等在宅医療推進事業", ["daily"], "保健所"),
)
GOALS: Final[tuple[tuple[str, list[str], str, str, str], ...]] = (
    ("daily", [], "訪問診療のない市町村をなくす", "aligned", "第8次計画 在宅医療の項"),
    (
        "hospital",
        ["acute"],
        "入退院と急変時の受け入れ先を全市町村で決める",
        "differs",
        "目標年が違う",
    ),
    ("end", [], "望む場所で看取られる人を増やす", "", ""),
)
DUTIES: Final = (
    ("g1", "主治医・副主治医の組", 14, "組"),
    ("g2", "多職種の研修", 4, "回"),
    ("g3", "出前講座", 9, "回"),
    ("d2", "資源の一覧の更新", 2, "回"),
    ("d3", "夜間の担当表の月数", 8, "か月"),
    ("d4", "医療・介護・障害福祉の研修", 2, "回"),
    ("d5", "冊子の配布", 3200, "部"),
)


def fill_regions(council: Council, say: Say) -> None:
    """What the 保健所, the base and the towns do together."""
    _support()
    _plan_of_the_prefecture()
    _base(council)
    _tools(council)
    _review()
    say("保健所の支援、県の計画、連携の拠点、共有ツールを用意しました")


def _review() -> None:
    """消防 and the hospital looked back on a night; what they decided is the council's to follow."""
    fire = viewer_named("shirei")
    review = reviews.open_review(
        viewer=fire, patient=None, event_month=clock.today().replace(day=1), own_kind="fire",
        answers={"place": "care_home", "record": "yes", "doctor_reached": "no"},
    )  # fmt: skip
    door = review_for(fire, review.uid)
    reviews.add_partner(viewer=fire, door=door, kind="hospital", name="架空市立中央病院")
    reviews.decide_action(
        viewer=fire, door=door, text="施設の夜勤者が電話する順番を1枚にする",
        owner=review.partners.get(kind="fire"), due_on=clock.today() + timedelta(45),
    )  # fmt: skip
    reviews.close_review(viewer=fire, door=door)


def _paper(title: str) -> bytes:
    return letter_pdf([Heading(title, 1)], title=title)


def _support() -> None:
    city, neighbour = viewer_named(CITY), viewer_named(NEIGHBOUR)
    here, today = viewer_named(PREFECTURE), clock.today()
    asked = support.ask_for_support(
        viewer=city,
        fields={"item": "neighbours", "title": "隣の市の病院に入退院ルールの説明をしてほしい"},
    )
    support.answer_request(
        door=request_door(here, asked.uid),
        fields={"kind": "mediation", "done_on": today, "text": "病院の連携室に説明の日を頼んだ。"},
    )
    support.ask_for_support(
        viewer=neighbour,
        fields={
            "item": "know_how",
            "title": "指標の選び方を一緒に考えてほしい",
            "wanted_by": today + timedelta(30),
        },
    )
    support.log_support(
        viewer=here,
        areas=watched_municipalities(here),
        fields={
            "item": "people",
            "kind": "gathering",
            "done_on": today - timedelta(40),
            "text": "市町村と委託先の担当者の情報交換会を開いた。",
        },
    )
    support.share_material(
        viewer=here,
        fields={"item": "data", "title": "医療機能情報と医療統計（市町村別）"},
        content=_paper("医療統計（架空）"),
        name="統計.pdf",
    )
    case = support.write_case(
        viewer=neighbour,
        fields={
            "title": "夜間の連絡先を1枚にまとめた",
            "before": "夜間にどこへ電話するかが、職種ごとに違っていた。",
            "text": "医師会・訪問看護・消防で年2回、連絡先を確かめて1枚の紙にした。",
            "effect": "問い合わせが減った。休日の更新が残っている。",
            "items": ["c", "d"],
            "scenes": ["acute"],
            "contact": "汐見市 福祉課 0999-02-0100",
        },
    )
    support.publish_case(door=case_door(neighbour, case.uid))


def _plan_of_the_prefecture() -> None:
    here = viewer_named(PREFECTURE)
    plan = plans.make_plan(
        viewer=here,
        fiscal_year=fiscal_year(clock.today()).year,
        vision="県内のどこでも、望む場所で療養を続けられる",
        visions=dict.fromkeys(Scene.values, "市町村と保健所が役割を分けて支える"),
        grouping=Grouping.THREE,
    )
    door = plan_door(here, plan.uid)
    for title, scenes in ISSUES:
        fields = {"title": title, "raised_from": "resource", "scenes": scenes}
        raise_issue(viewer=here, fields=fields, cited=["resource:130"])
    for scene, more, text, aligned, note in GOALS:
        plans.write_goal(
            door=door,
            fields={
                "scene": scene,
                "more_scenes": more,
                "text": text,
                "medical_plan": aligned,
                "medical_plan_note": note,
                "owner": "保健所",
            },
        )
    for name, scenes, partners in PROJECTS:
        plans.write_activity(
            door=door,
            fields={
                "name": name,
                "scenes": scenes,
                "targets": ["workers"],
                "partners": partners,
                "owner": "保健所",
            },
        )


def _base(council: Council) -> None:
    here, desk = viewer_named(PREFECTURE), viewer_named(DESK)
    area = areas_for_bases(here).filter(code=council.area.code if council.area else "").first()
    body = bodies_for_bases(here).filter(pk=desk.organisation_id or 0).first()
    if area is None or body is None:
        return
    base = bases.designate_base(
        viewer=here,
        fields={
            "area": area,
            "organisation": body,
            "body": "association",
            "plan_reference": "第8次計画 在宅医療の項",
            "runs_programme": True,
        },
        first_day=date(2024, 4, 1),
        last_day=date(2030, 3, 31),
    )
    for town in municipalities_of(base):
        bases.record_consultation(
            door=base_door(here, base.uid),
            area=town,
            fields={
                "held_on": date(2024, 2, 20),
                "with_whom": "高齢者支援課・障害福祉課",
                "result": "連携推進事業の委託先が拠点を兼ねることを確かめた。",
            },
        )
    door, day = base_door(desk, base.uid), clock.today() - timedelta(20)
    for duty, text, count, unit in DUTIES:
        fields = {"text": text, "done_on": day, "count": count, "unit": unit}
        bases.add_evidence(door=door, duty=duty, fields=fields, file=ProofFile())
    meeting = (
        council.meetings.filter(begins_at__lte=clock.now())
        .exclude(state=MeetingState.CANCELLED)
        .order_by("-begins_at")
        .first()
    )
    if meeting is not None:
        # Nobody of 障害福祉 sits on this council yet: the page says so.
        held = meeting.begins_at.astimezone(clock.TOKYO).date()
        fields = {"text": "協議会を拠点の会議として開いた", "done_on": held, "meeting": meeting}
        bases.add_evidence(door=door, duty="d1", fields=fields, file=ProofFile())


def _tools(council: Council) -> None:
    viewer = viewer_named(CITY)
    tools.write_tool(
        viewer=viewer,
        fields={"name": "ファックス送付票", "kind": "fax", "text": "事業所ごとに様式が違う。"},
    )
    last_year = clock.now() - timedelta(days=400)
    with clock.told_at(last_year):
        _introduce(viewer, council)


def _introduce(viewer: Viewer, council: Council) -> None:
    """Renkei as it came into use last year: this April's announcement has not been made."""
    tool = tools.write_tool(
        viewer=viewer,
        fields={
            "name": "連携（このシステム）",
            "kind": "ict",
            "is_renkei": True,
            "group": council,
            "text": "記録・書類・連絡を、医療と介護の職種で共有する。",
        },
    )
    door, day = tool_door(viewer, tool.uid), clock.today()
    for step, text, count, unit in (
        ("inventory", "使っているツールの調査（事業所）", 86, "か所"),
        ("group", "部会での検討", 3, "回"),
        ("handbook", "使い方と個人情報の手引き 第1版", None, ""),
        ("introduce", "導入の研修会", 4, "回"),
    ):
        fields: dict[str, object] = {"text": text, "done_on": day, "count": count, "unit": unit}
        file = ProofFile()
        if step == "handbook":
            fields["covers_personal_data"] = True
            file = ProofFile(_paper("使い方と個人情報の手引き"), "手引き.pdf")
        tools.add_evidence(door=door, step=step, fields=fields, file=file)
        tools.tick_step(door=door, step=step)

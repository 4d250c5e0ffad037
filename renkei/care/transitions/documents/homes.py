"""協力医療機関に関する届出書 on A4, from the sheet as it was made.

Source: 協力医療機関に関する届出書 (別紙) as towns publish it: 施設, 条件ごとの医療機関,
確認を行った日, 計画.
The layout is our own; the region's official form stays the one that counts.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

from renkei.care.transitions.home_duties import NEED_SHORT, Need
from renkei.care.transitions.models import CooperationNotice, Known
from renkei.foundation.common import clock
from renkei.foundation.common.documents.pdf import compile_pdf, head
from renkei.foundation.common.eras import format_long
from renkei.registry.facilities.catalogue import SERVICES

TEMPLATES: Final = Path(__file__).parent / "templates"
TITLE: Final = "協力医療機関に関する届出書"
NONE: Final = "なし"
NOT_RECORDED: Final = "記録なし"


def notice_pdf(notice: CooperationNotice) -> bytes:
    """The sheet; the same content however often it is printed."""
    content = notice.content
    home = content["home"]
    made_on = notice.made_at.astimezone(clock.TOKYO).date()
    info = SERVICES.get(home["service_code"])
    data = {
        "head": head(
            town=home["name"],
            name=TITLE,
            issued_on=made_on,
            source=f"{format_long(made_on)}に作成。内容が変わったときは、作り直して届け出ます。",
        ),
        "addressee": notice.addressee,
        "home": [
            ["施設の名称", home["name"]],
            ["サービス", info.label if info else NOT_RECORDED],
            ["事業所番号", home["number"] or NOT_RECORDED],
            ["法人の名称", home["corporate_name"] or NOT_RECORDED],
            ["所在地", home["address"] or NOT_RECORDED],
            ["電話番号", home["phone"] or NOT_RECORDED],
        ],
        "needs": [[one["words"], "、".join(one["met_by"]) or NONE] for one in content["needs"]],
        "institutions": [_institution(one) for one in content["institutions"]],
        "plan": content["plan"],
    }
    return compile_pdf(TEMPLATES / "cooperation_notice.typ", data, title=TITLE)


def _institution(one: dict[str, Any]) -> dict[str, Any]:
    confirmed = NOT_RECORDED
    if one["confirmed"]:
        day = format_long(date.fromisoformat(one["confirmed"]))
        confirmed = f"{day}　{one['confirmed_with']}"
    return {
        "name": one["name"],
        "rows": [
            ["医療機関コード", one["code"] or NOT_RECORDED],
            ["所在地", one["address"] or NOT_RECORDED],
            ["電話番号", one["phone"] or NOT_RECORDED],
            ["担当者", one["person"] or NOT_RECORDED],
            ["協力の始まり", format_long(date.fromisoformat(one["since"]))],
            ["体制", "、".join(NEED_SHORT[Need(each)] for each in one["needs"]) or NONE],
            ["急変時の対応を確認した日と相手", confirmed],
            ["第二種協定指定医療機関", str(Known(one["infection"]).label)],
        ],
    }

"""An example of a path over three institutions, to show what a region's own can hold.

Source: domain/admission-discharge-rules.md §2 (flows 急性期→回復期→自宅; the sending hospital tells
the care manager and the next hospital), §3 (screening ≤ 3 days, talk ≤ 7 days, preparation ≈ 1
week, follow-up 1–2 weeks), domain/forms.md §1.3, §1.4 (ADL scale, eating), §3 (rehabilitation).
No region's path: the expected days of the phases and the variance codes are placeholders.
"""

from __future__ import annotations

from typing import Any, Final

CODE: Final = "example-stroke"
NAME: Final = "脳血管疾患の地域連携パス（例）"


def _goal(code: str, text: str, criterion: str, by_day: int | None = None) -> dict[str, Any]:
    return {"code": code, "text": text, "criterion": criterion, "by_day": by_day}


EXAMPLE: Final[dict[str, Any]] = {
    "title": NAME,
    "counts_from": "発症日",
    "source": "入退院調整ルールと様式の公開資料の事実から作った例。どの地域のパスでもありません。",
    "unconfirmed": [
        "各段階の標準の日数は例の値です。使う地域で決めてください。",
        "バリアンスの符号は例です。使う地域の符号に替えてください。",
    ],
    "phases": [
        {
            "code": "acute",
            "name": "急性期",
            "institution_kind": "急性期の病院",
            "expected_days": 21,
            "hand_on": "診療情報提供書、看護サマリー、担当ケアマネの氏名と電話",
            "goals": [
                _goal("a1", "退院が難しくなる要因を確かめる", "退院困難の確認を記録した", 3),
                _goal("a2", "本人・家族と初回の面談をする", "面談をした日を記録した", 7),
                _goal("a3", "食べ方を決める", "嚥下・食形態・とろみを確かめた", 7),
                _goal("a4", "起き上がりと移乗を始める", "移乗が全介助より軽い（4段階で3以下）", 14),
                _goal("a5", "担当ケアマネに知らせる", "転院先とケアマネに互いの名前を伝えた"),
            ],
        },
        {
            "code": "recovery",
            "name": "回復期",
            "institution_kind": "回復期リハビリテーションの病院",
            "expected_days": 90,
            "hand_on": "退院時サマリー、リハビリの目標と禁忌、福祉用具と住まいの意見",
            "goals": [
                _goal("r1", "移動の方法を決める", "移動が見守りより軽い（4段階で2以下）"),
                _goal("r2", "排泄の方法を決める", "昼と夜の方法を本人・家族と確かめた"),
                _goal("r3", "家の様子を確かめる", "住まいと介護力を家族・ケアマネと確かめた", 30),
                _goal("r4", "薬の管理を決める", "自己・他者の別と方法を決めた"),
                _goal("r5", "退院の1週間前までに知らせる", "退院の7日前までにケアマネに連絡した"),
                _goal("r6", "退院前カンファレンスをする", "在宅の職種と会議をした"),
            ],
        },
        {
            "code": "home",
            "name": "生活期（自宅）",
            "institution_kind": "かかりつけ医・訪問看護・ケアマネ",
            "expected_days": None,
            "hand_on": "",
            "goals": [
                _goal("h1", "サービスを始める", "決めたサービスが始まった", 7),
                _goal("h2", "退院後の様子を病院に伝える", "報告を送った", 14),
                _goal("h3", "30日以内の再入院がない", "退院から30日、入院していない", 31),
                _goal("h4", "家の中の移動を保つ", "移動の介助が退院時より増えていない", 90),
            ],
        },
    ],
    "variances": [
        {"code": "p1", "group": "本人", "text": "合併症・再発"},
        {"code": "p2", "group": "本人", "text": "意欲・理解の低下"},
        {"code": "p3", "group": "本人", "text": "予定より早く達した"},
        {"code": "f1", "group": "家族", "text": "介護の体制が整わない"},
        {"code": "f2", "group": "家族", "text": "希望が変わった"},
        {"code": "s1", "group": "機関", "text": "転院先・施設の空き待ち"},
        {"code": "s2", "group": "機関", "text": "サービス・住宅改修の待ち"},
        {"code": "o1", "group": "その他", "text": "その他"},
    ],
}

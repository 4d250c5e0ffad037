"""わたしの気持ちノート: what matters to a person, and the talks about it (ACP).

No choice is ticked beforehand, and 「考えたくない」 is an answer like any other.
Source: 私の生き方ノート (久留米), わたしの人生ファイル (行田) as far as the source documents name
their contents; the list of items is that of practice.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from renkei.foundation.sheets.shipped.build import (
    NOT_COMPARED,
    PRIVATE,
    Item,
    ShippedForm,
    choice,
    day,
    group,
    line,
    note,
    prose,
    several,
    when,
    with_text,
)

MOST_TALKS: Final = 20
_CARE: Final = (
    ("resuscitation", "心肺蘇生"),
    ("ventilator", "人工呼吸"),
    ("nutrition", "胃ろう・点滴による栄養"),
    ("dialysis", "透析"),
    ("antibiotics", "抗生剤"),
    ("comfort", "苦痛をやわらげる治療"),
)
_FREE: Final[dict[str, Any]] = {"limit": 2000, "absence": PRIVATE}


def _wished(code: str, label: str) -> Item:
    return choice(
        f"care.{code}",
        label,
        "wanted=受けたい unwanted=受けたくない undecided=決めていない avoided=考えたくない",
        width="full",
        absence=("not-disclosed",),
    )


ME: Final = group(
    "me",
    "私のこと",
    line("me.name", "名前", prefill="patient.name", required=True),
    day("me.birth_date", "生年月日", prefill="patient.birth_date"),
    prose("me.values", "大切にしていること", **_FREE),
    prose("me.life", "これまでの暮らし", **_FREE),
    prose("me.likes", "好きなこと・苦手なこと", **_FREE),
)

HEALTH: Final = group(
    "health",
    "健康と薬",
    prose("health.illness", "病気のこと", absence=("none", *PRIVATE)),
    prose("health.drugs", "薬のこと", absence=("none", *PRIVATE)),
)

PEOPLE: Final = group(
    "people",
    "代わりに判断してほしい人・伝えておきたい人",
    line("people.proxy", "代わりに判断してほしい人", absence=("none", "not-disclosed")),
    line("people.proxy_relation", "間柄", width="quarter"),
    line("people.proxy_phone", "電話"),
    choice(
        "people.proxy_asked",
        "その人に伝えたか",
        "told=伝えた not_yet=まだ avoided=考えたくない",
        width="full",
    ),
    prose("people.tell", "伝えておきたい人", limit=500, absence=("none", "not-disclosed")),
)

ILLNESS: Final = group(
    "illness",
    "病気になったとき",
    choice(
        "illness.tell_me",
        "病名や見通しを知りたいですか",
        "all=すべて知りたい some=知りたいことだけ知りたい family=家族に伝えてほしい "
        "not=知りたくない undecided=決めていない avoided=考えたくない",
        width="full",
        absence=("not-disclosed",),
    ),
    prose("illness.scope", "伝える範囲についての希望", limit=500, absence=("not-disclosed",)),
)

CARE: Final = group(
    "care",
    "受けたい・受けたくない医療やケア",
    note("care.notice", "いまの気持ちの記録です。指示ではありません。いつでも変えられます。"),
    *(_wished(code, label) for code, label in _CARE),
    prose("care.reason", "そう思う理由", **_FREE),
)

PLACE: Final = group(
    "place",
    "過ごしたい場所・してほしいこと",
    *(
        with_text(
            choice(
                f"place.{code}",
                label,
                "home=自宅 hospital=病院 facility=施設 family=家族の家 other=その他 "
                "undecided=決めていない avoided=考えたくない",
                width="full",
                absence=("not-disclosed",),
            ),
            "other",
            detail,
        )
        for code, label, detail in (
            ("care", "過ごしたい場所", "その他の過ごしたい場所"),
            ("last", "最期を迎えたい場所", "その他の最期の場所"),
        )
    ),
    prose("place.wishes", "してほしいこと", **_FREE),
    prose("place.refusals", "してほしくないこと", **_FREE),
)

TALKS: Final = group(
    "talks",
    "話し合いの記録（1回に1つ）",
    day("talks.on", "日", required=True),
    line("talks.people", "参加者", width="full", limit=500),
    prose("talks.change", "話したこと・気持ちの変化"),
    choice(
        "talks.shared",
        "この記録を見せる人",
        "private=自分だけ team=ケアチーム chosen=選んだ職種だけ",
        width="full",
        required=True,
    ),
    several(
        "talks.professions",
        "見せる職種",
        "doctor=医師 nurse=看護師 care_manager=ケアマネジャー pharmacist=薬剤師 helper=訪問介護員 "
        "social_worker=医療ソーシャルワーカー",
        enabled=when("talks.shared", "chosen"),
        demanded=True,
    ),
    most=MOST_TALKS,
)

MONEY: Final = group(
    "money",
    "お金・葬儀など（書かなくてもかまいません）",
    prose("money.money", "お金のこと", **_FREE),
    prose("money.funeral", "葬儀などのこと", **_FREE),
)

SIGNED: Final = group(
    "signed",
    "署名・記入日",
    day("signed.on", "記入日", prefill="today", required=True),
    line("signed.name", "署名"),
    line("signed.helper", "書くのを手伝った人（間柄）"),
    day("signed.review_on", "見直す日"),
)

FORM: Final = ShippedForm(
    code="acp_note",
    name="わたしの気持ちノート",
    edition="市町のノートに共通する項目によるもの",
    number=1,
    issuer="連携（製品の様式）",
    source="私の生き方ノート（久留米）・わたしの人生ファイル（行田）の目次、人生会議の一般的な項目",
    valid_from=date(2024, 4, 1),
    unconfirmed=(NOT_COMPARED,),
    items=(ME, HEALTH, PEOPLE, ILLNESS, CARE, PLACE, TALKS, MONEY, SIGNED),
)

"""What each service does, for whom, and how one begins, in the words of residents.

Source: 介護保険法 第8条・第8条の2, 厚生労働省「公表されている介護サービスについて」 (read 2026-11),
健康保険法 第88条 (訪問看護); shortened here, never widened.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServiceText:
    """``does`` and ``who`` are sentences; ``begin``: the way to it, step by step."""

    does: str
    who: str
    begin: tuple[str, ...] = ()


CARE_BEGIN = (
    "要介護・要支援の認定を受けていない方は、お住まいの市町村に申し込みます。",
    "ケアマネジャー（要支援の方は地域包括支援センター）に、使いたいと伝えます。",
    "事業所と話し合い、計画に入れて始まります。",
)
NURSING_BEGIN = (
    "主治医かケアマネジャーに「訪問看護を使いたい」と伝えます。",
    "事業所から連絡があり、面談の日を決めます。",
    "主治医が指示書を書き、訪問が始まります。",
)
MANAGER_BEGIN = (
    "要介護の認定を受けていない方は、お住まいの市町村に申し込みます。",
    "事業所に電話で、計画をお願いしたいと伝えます。",
    "ケアマネジャーが自宅を訪ね、困っていることを聞いて計画を作ります。",
)
MOVE_IN_BEGIN = (
    "施設に電話で、空きと入る条件を聞きます。",
    "見学して、費用と暮らし方を確かめます。",
    "申し込みます。ケアマネジャーや相談窓口も手伝います。",
)
CALL_BEGIN = ("電話で、してほしいことと住所を伝えます。",)
_CERTIFIED = "要介護の認定を受けた方。"
_CERTIFIED_OR_SUPPORT = "要介護または要支援の認定を受けた方。"

_SHORT_STAY = ServiceText(
    "施設に短い間泊まり、食事や入浴の介護、療養の世話を受けます。ご家族の休みのときにも使えます。",
    _CERTIFIED_OR_SUPPORT,
    CARE_BEGIN,
)
_RESIDENCE = ServiceText(
    "住まいで、食事や入浴などの介護を受けながら暮らします。",
    _CERTIFIED_OR_SUPPORT,
    MOVE_IN_BEGIN,
)
_RESIDENCE_LOCAL = ServiceText(_RESIDENCE.does, _CERTIFIED, MOVE_IN_BEGIN)

TEXTS: dict[str, ServiceText] = {
    "110": ServiceText(
        "ヘルパーが自宅を訪ね、食事・入浴・トイレの介護や、掃除・洗濯などをします。",
        _CERTIFIED,
        CARE_BEGIN,
    ),
    "120": ServiceText(
        "浴槽を自宅に運び、看護職員と介護職員が入浴を手伝います。",
        _CERTIFIED_OR_SUPPORT,
        CARE_BEGIN,
    ),
    "130": ServiceText(
        "看護師などが自宅を訪ね、体調の確認、点滴や床ずれの手当て、薬の管理などをします。",
        "主治医が訪問看護を必要と認めた方。介護保険または医療保険で使えます。",
        NURSING_BEGIN,
    ),
    "140": ServiceText(
        "リハビリの専門職が自宅を訪ね、体を動かす練習などをします。",
        "主治医が必要と認めた、要介護または要支援の方。",
        CARE_BEGIN,
    ),
    "150": ServiceText(
        "昼間に通い、食事・入浴・体を動かす練習などをします。送り迎えがあります。",
        _CERTIFIED,
        CARE_BEGIN,
    ),
    "155": ServiceText(
        "医療の必要が大きい方が昼間に通い、看護師の見守りのもとで過ごします。",
        "常に看護師の見守りが必要な、要介護の方。",
        CARE_BEGIN,
    ),
    "160": ServiceText(
        "病院や介護老人保健施設などに通い、リハビリを受けます。",
        "主治医が必要と認めた、要介護または要支援の方。",
        CARE_BEGIN,
    ),
    "170": ServiceText(
        "車いすや介護用ベッドなどを借りられます。",
        _CERTIFIED_OR_SUPPORT + "介護度により借りられる物が違います。",
        CARE_BEGIN,
    ),
    "210": _SHORT_STAY,
    "220": _SHORT_STAY,
    "230": _SHORT_STAY,
    "551": _SHORT_STAY,
    "320": ServiceText(
        "認知症の方が少ない人数で、職員の手伝いを受けながら共に暮らします。",
        "要支援2以上で認知症のある、その市町村の方。",
        MOVE_IN_BEGIN,
    ),
    **dict.fromkeys(("331", "332", "334", "335", "336", "337"), _RESIDENCE),
    **dict.fromkeys(("361", "362", "364"), _RESIDENCE_LOCAL),
    "410": ServiceText(
        "腰かけ便座や入浴の用具など、貸し出しに向かない用具を買えます。",
        _CERTIFIED_OR_SUPPORT,
        CARE_BEGIN,
    ),
    "430": ServiceText(
        "ケアマネジャーが介護の計画を作り、事業所との間をつなぎます。本人の負担はありません。",
        _CERTIFIED,
        MANAGER_BEGIN,
    ),
    "510": ServiceText(
        "常に介護が必要な方が入り、食事・入浴などの介護を受けて暮らします。",
        "原則として要介護3以上の方。",
        MOVE_IN_BEGIN,
    ),
    "520": ServiceText(
        "病院を出た後などに入り、リハビリをして自宅に戻ることを目指します。",
        _CERTIFIED,
        MOVE_IN_BEGIN,
    ),
    "530": ServiceText(
        "長く療養が必要な方が入り、医療と介護を受けます。", _CERTIFIED, MOVE_IN_BEGIN
    ),
    "540": ServiceText(
        "定員29人までの施設に入り、食事・入浴などの介護を受けて暮らします。",
        "原則として要介護3以上で、その市町村の方。",
        MOVE_IN_BEGIN,
    ),
    "550": ServiceText(
        "長く療養が必要な方が入り、医療と介護を受けて暮らします。", _CERTIFIED, MOVE_IN_BEGIN
    ),
    "710": ServiceText(
        "夜間にヘルパーが自宅を訪ねます。呼び出しにも応じます。",
        "要介護の認定を受けた、その市町村の方。",
        CARE_BEGIN,
    ),
    "720": ServiceText(
        "認知症の方が昼間に通い、食事・入浴などをして過ごします。",
        "要介護または要支援で認知症のある、その市町村の方。",
        CARE_BEGIN,
    ),
    "730": ServiceText(
        "同じ事業所で「通い」「訪問」「泊まり」を組み合わせて使います。",
        "要介護または要支援の認定を受けた、その市町村の方。",
        CARE_BEGIN,
    ),
    "760": ServiceText(
        "日中と夜間を通して、介護と看護の職員が決まった時間と呼び出しのときに訪ねます。",
        "要介護の認定を受けた、その市町村の方。",
        CARE_BEGIN,
    ),
    "770": ServiceText(
        "「通い」「訪問」「泊まり」に看護を合わせて使います。",
        "要介護の認定を受けた、その市町村の方。",
        CARE_BEGIN,
    ),
    "780": ServiceText(
        "定員18人までの所に昼間に通い、食事・入浴・体を動かす練習などをします。",
        "要介護の認定を受けた、その市町村の方。",
        CARE_BEGIN,
    ),
    "hospital": ServiceText("外来の診察と、入院しての治療を受けられます。", "どなたでも。"),
    "clinic": ServiceText("医師の診察を受けられます。", "どなたでも。", CALL_BEGIN),
    "dental": ServiceText("歯と口の診察・治療を受けられます。", "どなたでも。", CALL_BEGIN),
    "maternity": ServiceText(
        "助産師が、お産と母子の世話をします。", "妊娠中・産後の方と赤ちゃん。"
    ),
    "pharmacy": ServiceText(
        "処方せんの薬を受け取り、薬の相談ができます。", "どなたでも。", CALL_BEGIN
    ),
    "general_support": ServiceText(
        "高齢者の暮らし・介護・医療の困りごとを、無料で聞きます。",
        "その地区にお住まいの高齢者と、ご家族・近所の方。",
        CALL_BEGIN,
    ),
    "coordination": ServiceText(
        "在宅医療と介護のつなぎ方の相談を受けます。", "医療・介護の関係者と住民。", CALL_BEGIN
    ),
}
NO_TEXT = ServiceText("", "")


def text_of(service_code: str) -> ServiceText:
    """The text of a service; empty where nobody has written one."""
    return TEXTS.get(service_code, NO_TEXT)

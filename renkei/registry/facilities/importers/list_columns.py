"""What a column of somebody's own list most likely holds, by its heading.

The order of the rules matters: 「施設名（ふりがな）」 is kana before it is a name, 「代表者名」 is
no name of a place.
Source: headings of published local lists; デジタル庁 自治体標準オープンデータセット（介護サービス
事業所一覧、医療機関一覧）.
"""

from __future__ import annotations

import re
import unicodedata

from renkei.registry.facilities.fields import FIELDS

# Targets that are no field of the register.
KIND, KEY, OWN, SKIP = "kind", "key", "own", ""

_RULES: tuple[tuple[str, str | None], ...] = (
    (r"^(no\.?|№|番号|項番|連番|通番|通し番号|行番号|#)$", SKIP),
    (r"^(id|管理番号|整理番号|登録番号|施設番号|コード|施設コード|団体番号)$", KEY),
    (r"^(事業所番号|介護保険事業所番号|指定番号|事業者番号)$", "office_number"),
    (r"医療機関(等)?(コード|番号)", "institution_code"),
    (r"法人番号", "corporate_number"),
    # People are not places.
    (r"代表者|担当者?|会長|管理者|責任者|氏名|医師名|職員", OWN),
    (r"郵便番号|〒", "postcode"),
    (r"住所|所在地|番地|町名|市区?町村名?$|都道府県名?$", "address"),
    (r"方書|建物|ビル", "building"),
    (r"緯度", "latitude"),
    (r"経度", "longitude"),
    (r"fax|ファックス|ファクス|ﾌｧｯｸｽ", "fax"),
    (r"携帯", OWN),
    (r"電話|tel|連絡先$|市外局番|市内局番", "phone"),
    (r"メール|e-?mail", "email"),
    (r"url|ホームページ|ウェブ|webサイト|\bhp\b|^hp", "url"),
    (
        r"設置主体|運営主体|(法人|設置者|開設者|運営者|事業者|経営主体)(の)?(名|名称)?$",
        "corporate_name",
    ),
    (r"(ふりがな|フリガナ|カナ|かな|読み)", "kana"),
    (r"種別|種類|区分|分類|カテゴリ|サービス名|サービス種", KIND),
    (r"診療科", "departments"),
    (r"定員", "capacity"),
    (r"病床", "beds"),
    (r"(訪問|対応|活動|対象|サービス提供)(可能)?(地域|エリア|範囲|区域)", "visiting_area"),
    (r"曜日|休業日|定休日|休診日|休館日", "days"),
    (r"時間", "days_note"),
    (r"備考|特記|その他|摘要|メモ", "remarks"),
    (
        r"名称|事業所名|施設名|団体名|機関名|医院名|病院名|薬局名|クラブ名|自治会名|町内会名|組織名|^名前$",
        "name",
    ),
)
_COMPILED = tuple((re.compile(pattern), target) for pattern, target in _RULES)


def guess_target(heading: str) -> str | None:
    """The field, ``KIND``, ``KEY``, ``OWN`` or ``SKIP`` a heading names; None when unknown."""
    folded = re.sub(r"\s+", "", unicodedata.normalize("NFKC", heading)).casefold()
    for pattern, target in _COMPILED:
        if pattern.search(folded):
            return target
    return None


def target_labels() -> dict[str, str]:
    """Everything a column can be mapped to, in the order of the form."""
    fields = {
        key: field.label
        for key, field in FIELDS.items()
        if key not in {"hours", "capabilities", "status"}
    }
    return fields | {
        KIND: "サービスの種類",
        KEY: "この一覧での番号（変わらないもの）",
        OWN: "そのほかの項目として残す",
        SKIP: "取り込まない",
    }

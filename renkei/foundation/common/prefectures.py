"""The 47 prefectures by their number. Source: JIS X 0401 (= ISO 3166-2:JP)."""

from __future__ import annotations

_NORTH_TO_SOUTH = """
北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県
新潟県 富山県 石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 大阪府 兵庫県
奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県
福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県
"""
PREFECTURES: dict[str, str] = {
    f"{number:02d}": name for number, name in enumerate(_NORTH_TO_SOUTH.split(), 1)
}
# The invented prefecture of the demo region and of tests; accepted only where told.
FICTIONAL_CODE, FICTIONAL_NAME = "99", "架空県"
PREFECTURE_CODES: dict[str, str] = {name: code for code, name in PREFECTURES.items()} | {
    FICTIONAL_NAME: FICTIONAL_CODE
}


def is_prefecture_code(code: str, *, allow_fictional: bool = False) -> bool:
    return code in PREFECTURES or (allow_fictional and code == FICTIONAL_CODE)


def prefecture_name(code: str) -> str:
    """Name by the first two digits of any code that begins with them; "" if there is none."""
    return FICTIONAL_NAME if code[:2] == FICTIONAL_CODE else PREFECTURES.get(code[:2], "")

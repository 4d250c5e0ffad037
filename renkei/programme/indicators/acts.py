"""What the acts of this room are called in the audit trail."""

from typing import Final

ACTS: Final = {
    "indicators.catalogue_loaded": "指標の定義を登録した",
    "indicators.reference_loaded": "資料の値を登録した",
    "indicators.counted": "この仕組みの記録から指標を数えた",
    "indicators.import_begun": "指標のファイルを読んだ",
    "indicators.columns_decided": "指標のファイルの列を決めた",
    "indicators.value_confirmed": "点検で見つかった値が正しいことを確かめた",
    "indicators.exported": "指標をファイルに書き出した",
    "indicators.import_started": "大きな指標のファイルの取り込みを始めた",
    "indicators.import_stopped": "大きな指標のファイルの取り込みを止めた",
    "indicators.imported": "指標の値を取り込んだ",
    "indicators.import_discarded": "指標の取り込みをやめた",
    "indicators.scenario_saved": "将来推計の前提を保存した",
}

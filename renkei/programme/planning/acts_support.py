"""Acts of the regions: support, bases, tools."""

from typing import Final

SUPPORT_ACTS: Final = {
    "support.asked": "都道府県・保健所に支援を依頼した",
    "support.given": "市町村を支援した",
    "support.closed": "支援の依頼を終えた",
    "support.material_shared": "資料を市町村に提供した",
    "support.material_withdrawn": "提供した資料を取り下げた、または戻した",
    "good_case.written": "好事例を書いた",
    "good_case.published": "好事例を公開した、または取り下げた",
    "base.designated": "連携の拠点を位置付けた",
    "base.changed": "連携の拠点の内容を直した",
    "base.consulted": "連携の拠点について市町村と協議した",
    "base.evidence_added": "連携の拠点の根拠を付けた",
    "base.evidence_removed": "連携の拠点の根拠を外した",
    "tool.written": "共有ツールを登録した、または直した",
    "tool.evidence_added": "共有ツールの根拠を付けた",
    "tool.evidence_removed": "共有ツールの根拠を外した",
    "tool.ticked": "共有ツールの段階を済みにした",
    "tool.unticked": "共有ツールの段階を済みから戻した",
    "tool.reminded": "共有ツールの周知の時期を知らせた",
    "review_action.taken_up": "事例の検証で決めたことを、すべきことにした",
}

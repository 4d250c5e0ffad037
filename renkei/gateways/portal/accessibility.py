"""The test of this site against JIS X 8341-3:2016, A and AA, as municipalities publish it.

Source: JIS X 8341-3:2016 附属書JB（試験方法）; 達成基準の名称は JIS X 8341-3:2016.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

TESTED_ON = date(2026, 11, 22)
AUTOMATIC, PERSON, NOTHING = "自動", "人", "対象なし"


@dataclass(frozen=True)
class Criterion:
    """One 達成基準, how it was tested, and what that says."""

    number: str
    name: str
    level: str
    method: str

    @property
    def result(self) -> str:
        """適合 only where a machine could tell; the rest is for people, and says so."""
        return {
            AUTOMATIC: "適合（自動の試験）",
            NOTHING: "適合（対象となるものがない）",
            PERSON: "導入した市町村が確かめる",
        }[self.method]


CRITERIA: tuple[Criterion, ...] = tuple(
    Criterion(*row)
    for row in (
        ("1.1.1", "非テキストコンテンツ", "A", PERSON),
        ("1.2.1", "音声だけ及び映像だけ（収録済み）", "A", NOTHING),
        ("1.2.2", "キャプション（収録済み）", "A", NOTHING),
        ("1.2.3", "音声解説又はメディアに対する代替コンテンツ（収録済み）", "A", NOTHING),
        ("1.2.4", "キャプション（ライブ）", "AA", NOTHING),
        ("1.2.5", "音声解説（収録済み）", "AA", NOTHING),
        ("1.3.1", "情報及び関係性", "A", PERSON),
        ("1.3.2", "意味のある順序", "A", PERSON),
        ("1.3.3", "感覚的な特徴", "A", PERSON),
        ("1.4.1", "色の使用", "A", PERSON),
        ("1.4.2", "音声の制御", "A", NOTHING),
        ("1.4.3", "コントラスト（最低限レベル）", "AA", AUTOMATIC),
        ("1.4.4", "テキストのサイズ変更", "AA", AUTOMATIC),
        ("1.4.5", "文字画像", "AA", NOTHING),
        ("2.1.1", "キーボード", "A", PERSON),
        ("2.1.2", "キーボードトラップなし", "A", PERSON),
        ("2.2.1", "タイミング調整可能", "A", NOTHING),
        ("2.2.2", "一時停止、停止及び非表示", "A", NOTHING),
        ("2.3.1", "3回の閃光、又は閾値以下", "A", NOTHING),
        ("2.4.1", "ブロックスキップ", "A", AUTOMATIC),
        ("2.4.2", "ページタイトル", "A", AUTOMATIC),
        ("2.4.3", "フォーカス順序", "A", PERSON),
        ("2.4.4", "リンクの目的（コンテキスト内）", "A", PERSON),
        ("2.4.5", "複数の手段", "AA", PERSON),
        ("2.4.6", "見出し及びラベル", "AA", PERSON),
        ("2.4.7", "フォーカスの可視化", "AA", PERSON),
        ("3.1.1", "ページの言語", "A", AUTOMATIC),
        ("3.1.2", "一部分の言語", "AA", PERSON),
        ("3.2.1", "フォーカス時", "A", PERSON),
        ("3.2.2", "入力時", "A", PERSON),
        ("3.2.3", "一貫したナビゲーション", "AA", PERSON),
        ("3.2.4", "一貫した識別性", "AA", PERSON),
        ("3.3.1", "エラーの特定", "A", PERSON),
        ("3.3.2", "ラベル又は説明", "A", AUTOMATIC),
        ("3.3.3", "エラー修正の提案", "AA", PERSON),
        ("3.3.4", "エラー回避（法的、金融及びデータ）", "AA", NOTHING),
        ("4.1.1", "構文解析", "A", AUTOMATIC),
        ("4.1.2", "名前（name）、役割（role）及び値（value）", "A", AUTOMATIC),
    )
)

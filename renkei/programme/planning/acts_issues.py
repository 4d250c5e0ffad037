"""Acts of issues."""

from typing import Final

ISSUE_ACTS: Final = {
    "issue.raised": "課題を根拠とともに登録した",
    "issue.changed": "課題の内容を直した",
    "issue.moved": "課題の状態を進めた",
    "issue.evidence_added": "課題に根拠を付けた",
    "issue.evidence_removed": "課題の根拠を外した",
    "issue.raised_again": "課題を見直しのために出し直した",
}

"""What the acts of referrals, cards and pathways are called in the audit trail."""

from typing import Final

PATH_ACTS: Final = {
    "referral.sent": "紹介・引き継ぎを送った",
    "referral.acted": "紹介・引き継ぎであったことを記録した",
    "referral.paper_received": "紹介の紙の返事を受け取った",
    "path_version.drafted": "地域連携パスの下書きを始めた",
    "path_version.draft_written": "地域連携パスの下書きを直した",
    "path_version.discarded": "地域連携パスの下書きを捨てた",
    "path_version.published": "地域連携パスの版を公開した",
    "path.started": "地域連携パスを始めた",
    "path.recorded": "地域連携パスであったことを記録した",
}

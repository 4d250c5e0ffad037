"""Acts of reports, of what is shown to residents, and of the starter kit."""

from typing import Final

REPORT_ACTS: Final = {
    "report.made": "報告を作った",
    "grant.answered": "交付金の評価の回答を書いた",
    "plan.shown": "計画を住民向けページに載せた",
    "plan.hidden": "計画を住民向けページから下ろした",
    "council.members_shown": "委員の職種を住民向けページに載せた",
    "council.members_hidden": "委員の職種を住民向けページから下ろした",
    "starter.made": "はじめの一式を作った",
    "starter.taken_back": "はじめの一式を取り消した",
}

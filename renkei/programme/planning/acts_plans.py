"""Acts of plans."""

from typing import Final

PLAN_ACTS: Final = {
    "plan.made": "計画を作った",
    "plan.changed": "計画を直した",
    "plan.carried_on": "次の年度の計画を作った",
    "goal.written": "計画の目標を書いた",
    "goal.reviewed": "計画の目標を振り返った",
    "activity.written": "計画の活動を書いた",
    "activity.reviewed": "計画の活動を振り返った",
}

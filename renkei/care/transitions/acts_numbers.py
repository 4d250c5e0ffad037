"""What the acts around the numbers are called in the audit trail."""

from typing import Final

NUMBER_ACTS: Final = {
    "transition_numbers.exported": "入退院の数字を書き出した",
}

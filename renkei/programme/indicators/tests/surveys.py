"""1,741 invented answers whose sums are those printed for 2015."""

from __future__ import annotations

from renkei.programme.indicators.shipped.reference import ANSWERS

WORDS = ("実施していない", "年度内に実施予定", "実施している")
# Number of items done: how many municipalities; source 2015. 351 neither do nor plan any.
DISTRIBUTION = {1: 266, 2: 215, 3: 202, 4: 188, 5: 129, 6: 122, 7: 73, 8: 45}
NOTHING, PLANNED_ONLY = 351, 150
FLAG_COUNTS = (420, 592, 704)


def answers() -> list[list[int]]:
    """A state per item for each municipality: every printed sum holds.

    Items are given to whoever still needs most of them, the item with most left first.
    """
    left = {letter: row[2] for letter, row in ANSWERS.items()}
    letters = list(left)
    needs = [
        count for count, times in sorted(DISTRIBUTION.items(), reverse=True) for _ in range(times)
    ]
    rows: list[dict[str, int]] = []
    for need in needs:
        chosen = sorted(letters, key=lambda letter: -left[letter])[:need]
        for letter in chosen:
            left[letter] -= 1
        rows.append(dict.fromkeys(chosen, 2))
    assert not any(left.values())
    rows += [{} for _ in range(PLANNED_ONLY)]
    planned = {letter: row[1] for letter, row in ANSWERS.items()}
    # Whoever only plans needs one planned item at least; the rest goes to anybody.
    for row in rows[len(needs) :]:
        letter = max(letters, key=lambda one: planned[one])
        row[letter] = 1
        planned[letter] -= 1
    for letter in letters:
        for row in rows:
            if planned[letter] and letter not in row:
                row[letter] = 1
                planned[letter] -= 1
    assert not any(planned.values())
    rows += [{} for _ in range(NOTHING)]
    return [[row.get(letter, 0) for letter in letters] for row in rows]

"""A path as municipal staff write it: plain lines, codes are given by the place."""

from __future__ import annotations

import unicodedata
from typing import Any, Final

from django import forms

from renkei.care.transitions.forms import storable
from renkei.care.transitions.path_content import Goal, PathContent, Phase
from renkei.foundation.accounts.forms.fields import LineField, ServiceForm

# Three institutions are usual; more than this nobody follows.
MOST_PHASES: Final = 6
GOALS_HELP: Final = (
    "1行に1つ、目標｜基準｜目安の日数（段階に入った日が1）。目安がなければ書きません。"
)


class PathDraftForm(ServiceForm):
    """The whole path on one page; a phase without a name is left out."""

    counts_from = LineField(label="起点の日", max_length=40, help_text="発症日、手術日など。")
    source = LineField(label="出どころ", max_length=200, required=False)

    def __init__(self, *args: Any, content: PathContent, **kwargs: Any) -> None:
        self.content = content
        kwargs["initial"] = _initial(content)
        super().__init__(*args, **kwargs)
        self.places = range(1, min(len(content.phases) + 1, MOST_PHASES) + 1)
        for place in self.places:
            for name, field in _phase_fields().items():
                self.fields[f"p{place}_{name}"] = field
        self.fields["variances"] = forms.CharField(
            label="バリアンスの符号",
            required=False,
            max_length=3000,
            validators=[storable],
            widget=forms.Textarea(attrs={"rows": 8}),
            help_text="1行に1つ、まとまり｜内容。",
        )

    @property
    def basics(self) -> list[forms.BoundField]:
        """What the path as a whole says."""
        return [self["counts_from"], self["source"]]

    @property
    def phases(self) -> list[list[forms.BoundField]]:
        """The fields of each phase, one empty one at the end."""
        return [
            [field for field in self.visible_fields() if field.name.startswith(f"p{place}_")]
            for place in self.places
        ]

    def clean(self) -> dict[str, Any]:
        """Lines become goals and variances; what does not fit is said with its line."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["phase_rows"] = []
        for place in self.places:
            if data.get(f"p{place}_name"):
                data["phase_rows"].append(self._phase(place, data))
        if not data["phase_rows"] and not self.errors:
            self.add_error("p1_name", "段階の名称を1つ以上入力してください。")
        return data

    def _phase(self, place: int, data: dict[str, Any]) -> dict[str, Any]:
        goals = []
        for number, line in enumerate(_lines(data.get(f"p{place}_goals", "")), start=1):
            text, criterion, day = [*_cells(line), "", ""][:3]
            if day and not (day.isascii() and day.isdigit() and 0 < int(day) <= 3660):  # noqa: PLR2004 - ten years
                self.add_error(
                    f"p{place}_goals", f"{number}行目の目安は、1から3660までの数で書いてください。"
                )
                day = ""
            code = f"p{place}g{number}"
            by_day = int(day) if day else None
            goals.append({"code": code, "text": text, "criterion": criterion, "by_day": by_day})
        return {
            "code": f"p{place}",
            "name": data[f"p{place}_name"],
            "institution_kind": data.get(f"p{place}_kind") or "機関",
            "expected_days": data.get(f"p{place}_days"),
            "hand_on": data.get(f"p{place}_hand_on", ""),
            "goals": goals,
        }

    def path(self) -> dict[str, Any]:
        """The valid values as a path."""
        data = self.cleaned_data
        rows = [_cells(line) for line in _lines(data["variances"])]
        return {
            "title": self.content.title,
            "counts_from": data["counts_from"],
            "source": data["source"],
            "unconfirmed": [],
            "phases": data["phase_rows"],
            "variances": [
                {
                    "code": f"v{number}",
                    "group": cells[0] if len(cells) > 1 else "その他",
                    "text": cells[-1],
                }
                for number, cells in enumerate(rows, start=1)
            ],
        }


class PathReasonForm(ServiceForm):
    """Why this edition."""

    reason = LineField(label="改訂の理由", max_length=300)


def _phase_fields() -> dict[str, forms.Field]:
    return {
        "name": LineField(label="段階の名称", max_length=60, required=False),
        "kind": LineField(label="機関の種類", max_length=100, required=False),
        "days": forms.IntegerField(label="標準の日数", required=False, min_value=1, max_value=3660),
        "goals": forms.CharField(
            label="達成目標",
            required=False,
            max_length=4000,
            validators=[storable],
            widget=forms.Textarea(attrs={"rows": 7}),
            help_text=GOALS_HELP,
        ),
        "hand_on": LineField(label="次の機関に渡すもの", max_length=300, required=False),
    }


def _initial(content: PathContent) -> dict[str, Any]:
    values: dict[str, Any] = {
        "counts_from": content.counts_from,
        "source": content.source,
        "variances": "\n".join(f"{one.group}｜{one.text}" for one in content.variances),
    }
    for place, phase in enumerate(content.phases, start=1):
        values |= {f"p{place}_{name}": value for name, value in _phase_values(phase).items()}
    return values


def _phase_values(phase: Phase) -> dict[str, Any]:
    goals = ("｜".join(_goal_cells(goal)) for goal in phase.goals)
    return {
        "name": phase.name,
        "kind": phase.institution_kind,
        "days": phase.expected_days,
        "goals": "\n".join(goals),
        "hand_on": phase.hand_on,
    }


def _goal_cells(goal: Goal) -> list[str]:
    cells = [goal.text, goal.criterion]
    return [*cells, str(goal.by_day)] if goal.by_day else cells


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _cells(line: str) -> list[str]:
    """The parts of a line; a number in any width."""
    cells = [cell.strip() for cell in line.replace("|", "｜").split("｜")]
    return [*cells[:-1], unicodedata.normalize("NFKC", cells[-1])] if cells else cells

"""Forms of paths: beginning one, and what happens on the way."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms

from renkei.care.transitions.forms import day_field, only_with_other
from renkei.care.transitions.models import PathAct, PathVersion
from renkei.care.transitions.path_content import PathContent
from renkei.care.transitions.path_states import Overview
from renkei.care.transitions.services.paths import NewPathEvent, Place
from renkei.foundation.accounts.forms.fields import LineField, ServiceForm
from renkei.foundation.accounts.models import Organisation
from renkei.foundation.common import clock

ELSEWHERE: Final = "elsewhere"


class PathForm(ServiceForm):
    """Anything on a day; a form sent twice by a nervous finger is kept once."""

    client_uid = forms.UUIDField(widget=forms.HiddenInput, required=False)
    on = day_field("あった日")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"on": clock.today(), "client_uid": uuid.uuid4()} | (
            kwargs.get("initial") or {}
        )
        super().__init__(*args, **kwargs)

    def add_place(self, places: Mapping[str, Organisation], own: str) -> None:
        """Where: an office on the team, or a name."""
        self.places = places
        rows = [(uid, one.name) for uid, one in places.items()]
        self.fields["place"] = forms.ChoiceField(
            label="機関",
            choices=[*rows, (ELSEWHERE, "ほかの機関（名称を入力）")],
            initial=own if own in places else ELSEWHERE,
            widget=forms.RadioSelect,
        )
        self.fields["place_name"] = LineField(
            label="ほかの機関の名称", max_length=200, required=False
        )
        only_with_other(self, "place_name")

    def clean(self) -> dict[str, Any]:
        """Somewhere else needs a name."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("place") == ELSEWHERE and not data.get("place_name"):
            self.add_error("place_name", "機関の名称を入力してください。")
        return data

    def chosen_place(self) -> Place:
        """The valid place."""
        data = self.cleaned_data
        if "place" not in data:
            return Place()
        if data["place"] == ELSEWHERE:
            return Place(name=data["place_name"])
        return Place(organisation=self.places[data["place"]])


class StartPathForm(PathForm):
    """Which path, from which day, and where the person is."""

    version = forms.ChoiceField(label="パス", widget=forms.RadioSelect)

    def __init__(
        self,
        *args: Any,
        versions: Sequence[PathVersion],
        places: Mapping[str, Organisation],
        own: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.versions = {str(one.uid): one for one in versions}
        field = self.fields["version"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so
        field.choices = [(uid, str(one)) for uid, one in self.versions.items()]
        field.initial = next(iter(self.versions), None)
        self.fields["on"].label = "起点の日（発症・手術など）"
        self.add_place(places, own)
        self.order_fields(["version", "on", "place", "place_name"])

    def chosen_version(self) -> PathVersion:
        """The edition."""
        return self.versions[self.cleaned_data["version"]]


class PathEventForm(PathForm):
    """One act: as much as it needs."""

    def __init__(
        self,
        *args: Any,
        act: PathAct,
        content: PathContent,
        overview: Overview,
        places: Mapping[str, Organisation],
        own: str,
        goal: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.act = act
        if act in {PathAct.REACHED, PathAct.VARIANCE}:
            self._add_goals(overview, goal, required=act == PathAct.REACHED)
        if act == PathAct.VARIANCE:
            self.fields["variance_code"] = forms.ChoiceField(
                label="バリアンス",
                choices=[(one.code, f"{one.group}：{one.text}") for one in content.variances],
                widget=forms.RadioSelect,
            )
            self.fields["reason"] = LineField(label="理由", max_length=300)
        if act in {PathAct.ENTERED, PathAct.HANDED_ON}:
            following = content.after(overview.current)
            self.fields["phase_code"] = forms.ChoiceField(
                label="段階" if act == PathAct.ENTERED else "次の段階",
                choices=[(one.code, one.name) for one in content.phases],
                initial=following.code if following else overview.current,
            )
            self.add_place(places, own if act == PathAct.ENTERED else "")
        if act == PathAct.ENDED:
            self.fields["reason"] = LineField(
                label="終えた理由（ひとこと）", max_length=300, required=False
            )

    def _add_goals(self, overview: Overview, goal: str, *, required: bool) -> None:
        rows = [
            (view.goal.code, f"{phase.phase.name}：{view.goal.text}")
            for phase in overview.phases
            for view in phase.goals
            if view.reached is None
        ]
        self.fields["goal_code"] = forms.ChoiceField(
            label="達成目標",
            choices=rows if required else [("", "目標によらない"), *rows],
            initial=goal,
            required=required,
        )
        self.order_fields(["goal_code"])

    def new_event(self, overview: Overview) -> NewPathEvent:
        """The valid values; a difference without a goal belongs to the present phase."""
        data = self.cleaned_data
        goal = data.get("goal_code", "")
        phase = data.get("phase_code", "")
        if self.act == PathAct.VARIANCE and not goal:
            phase = overview.current
        return NewPathEvent(
            act=self.act,
            on=data["on"],
            phase_code=phase,
            goal_code=goal,
            variance_code=data.get("variance_code", ""),
            reason=data.get("reason", ""),
            place=self.chosen_place(),
            client_uid=data["client_uid"],
        )

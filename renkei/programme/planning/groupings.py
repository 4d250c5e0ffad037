"""Three groups of scenes, as a prefecture's plan cuts them, and how they map onto the four. Pure.

Source: 福岡県における在宅医療の課題と取組み（第8次福岡県保健医療計画）as printed in S0:
① 日常の療養支援, ② 退院支援と急変時の対応, ③ 患者が望む場所での看取り.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from renkei.programme.planning.frames import Scene

# Both scenes of a group, as one choice of a form.
BOTH: Final = "+"


@dataclass(frozen=True, slots=True)
class Group:
    """One group; every scene stands in exactly one, so nothing is lost either way (T-B9)."""

    code: str
    mark: str
    label: str
    scenes: tuple[Scene, ...]

    @property
    def title(self) -> str:
        return f"{self.mark}{self.label}"


THREE: Final = (
    Group("daily", "①", "日常の療養支援", (Scene.DAILY,)),
    Group("between", "②", "退院支援と急変時の対応", (Scene.HOSPITAL, Scene.ACUTE)),
    Group("end", "③", "患者が望む場所での看取り", (Scene.END,)),
)
_GROUP_OF: Final = {scene.value: group for group in THREE for scene in group.scenes}


def group_of(scene: str) -> Group:
    """The group a scene belongs to."""
    return _GROUP_OF[scene]


def groups_of(scenes: Iterable[str]) -> list[Group]:
    """The groups of several scenes, in their order."""
    found = {group_of(one).code for one in scenes}
    return [one for one in THREE if one.code in found]


def scenes_of(codes: Iterable[str]) -> list[str]:
    """The four scenes behind groups, in their order."""
    wanted = set(codes)
    return [scene.value for group in THREE if group.code in wanted for scene in group.scenes]


def scene_choices() -> list[tuple[str, str]]:
    """A group, or one scene of it, as one choice of a form: "hospital+acute", "hospital"."""
    choices = []
    for group in THREE:
        choices.append((BOTH.join(one.value for one in group.scenes), group.title))
        if len(group.scenes) > 1:
            choices += [(one.value, f"{group.mark}のうち{one.label}") for one in group.scenes]
    return choices

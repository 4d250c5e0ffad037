"""Guarding pages about a person: a staff page, for people who work in teams."""

from __future__ import annotations

from collections.abc import Callable

from renkei.care.patients import rules
from renkei.foundation.accounts.access import View, staff_page
from renkei.foundation.accounts.viewers import Viewer


def care_page(rule: Callable[[Viewer], bool] = rules.may_work_in_teams) -> Callable[[View], View]:
    """Let only people reach a view who can be on a team; which person they see, the query says."""
    return staff_page(rule)

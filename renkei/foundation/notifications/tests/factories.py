"""Invented people to tell things to. The rooms of accounts lie above, so only Django's own way."""

from __future__ import annotations

import itertools
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from procrastinate.contrib.django.models import ProcrastinateJob

_numbers = itertools.count(1)


def make_user(*, email: str | None = None, name: str = "架空 花子", **fields: Any) -> Any:
    """An account without memberships."""
    address = email or f"told{next(_numbers)}@example.test"
    return get_user_model().objects.create_user(address, None, name=name, **fields)


def mail_jobs_for(user: Any) -> QuerySet[ProcrastinateJob]:
    """The jobs that mail this person; the queue keeps those of other tests."""
    return ProcrastinateJob.objects.filter(
        task_name="notifications.send_mail", args__user_ids__contains=[user.pk]
    )

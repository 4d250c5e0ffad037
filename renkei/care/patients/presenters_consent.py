"""Consents in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from renkei.care.patients.models import Consent, ConsentPurpose, ContentClass
from renkei.care.patients.presenters import ShownState, shown_state
from renkei.foundation.common.eras import format_long


@dataclass(frozen=True)
class ConsentLine:
    """One decision: what was said, how far it reaches, who explained it."""

    consent: Consent
    state: ShownState
    present: bool
    withdrawable: bool
    purposes: str
    contents: str
    recipients: str
    period: str
    recorded: str
    proxy: str


def consent_lines(consents: Iterable[Consent], *, on: date, hosted: bool) -> list[ConsentLine]:
    """Every decision of one subject; names of family for the host alone."""
    return [_line(consent, on, hosted=hosted) for consent in consents]


def _line(consent: Consent, on: date, *, hosted: bool) -> ConsentLine:
    present = consent.superseded_at is None
    state = shown_state(consent, on)
    return ConsentLine(
        consent,
        state,
        present,
        withdrawable=present and state.in_force,
        purposes="・".join(str(ConsentPurpose(each).label) for each in consent.purposes),
        contents="・".join(str(ContentClass(each).label) for each in consent.content_classes),
        recipients=_recipients(consent, hosted=hosted),
        period=_period(consent),
        recorded=_recorded(consent),
        proxy=_proxy(consent, hosted=hosted),
    )


def _recipients(consent: Consent, *, hosted: bool) -> str:
    named = [row.organisation.name for row in consent.recipients.all() if row.organisation]
    excluded = [
        row.excluded_relative.name for row in consent.recipients.all() if row.excluded_relative
    ]
    words = ["ケアチームの全員" if consent.whole_team else "、".join(named)]
    if consent.includes_family:
        words.append("本人・家族の部屋")
    if excluded:
        names = "、".join(excluded) if hosted else f"{len(excluded)}人"
        words.append(f"知らせない家族：{names}")
    return "　".join(words)


def _proxy(consent: Consent, *, hosted: bool) -> str:
    if consent.proxy is None:
        return ""
    name = f"{consent.proxy.name}（{consent.proxy.relation}）" if hosted else "家族"
    return f"{name}　{consent.proxy_reason}"


def _period(consent: Consent) -> str:
    first = format_long(consent.period.lower) if consent.period.lower else ""
    last = format_long(consent.period.upper - timedelta(days=1)) if consent.period.upper else ""
    return f"{first}～{last}"


def _recorded(consent: Consent) -> str:
    member = consent.recorded_by
    return f"{member.user.name}（{member.organisation.name}）" if member else ""


@dataclass(frozen=True)
class EndingLine:
    """One consent to be asked for anew."""

    consent: Consent
    subject: str
    state: ShownState
    last_day: date


def ending_lines(consents: Iterable[Consent], *, on: date) -> list[EndingLine]:
    """What ends within 60 days, soonest first."""
    return [
        EndingLine(
            consent,
            f"家族（{consent.relative.name}さん）" if consent.relative else "本人",
            shown_state(consent, on),
            consent.period.upper - timedelta(days=1),
        )
        for consent in consents
    ]

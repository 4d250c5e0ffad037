"""What decides in SQL whether a grant is open: the person's consents, refusals, and disasters.

Every page about a person asks this up to ten times. The database answers in less than the ORM takes
to put the nested conditions together and copy them each time, so these are written out.
"""

from __future__ import annotations

from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db.models import Field, TextField

from renkei.care.patients.models import (
    WITHOUT_CONSENT,
    ConsentDecision,
    ConsentSubject,
    ContentClass,
    GrantKind,
)
from renkei.foundation.common import clock
from renkei.foundation.common.conditions import Condition

_DECISION: Final = f"""
    SELECT 1 FROM patients_consent consent
    WHERE consent.patient_id = {{patient}} AND consent.subject = '{ConsentSubject.PATIENT.value}'
    AND consent.superseded_at IS NULL
"""  # noqa: S608 - constants
_AGREED: Final = f"""
    {_DECISION} AND consent.decision = '{ConsentDecision.AGREED.value}'
    AND consent.withdrawn_at IS NULL AND consent.period @> {{today}}::date
    AND consent.content_classes @> ARRAY[{{content}}]::varchar[]
"""
_TO_THE_TEAM: Final = f"""
    EXISTS ({_AGREED} AND (consent.whole_team OR EXISTS (
        SELECT 1 FROM patients_consentrecipient named
        WHERE named.consent_id = consent.id AND named.organisation_id = {{organisation}}
    )))
"""  # noqa: S608 - constants
_TO_THE_FAMILY: Final = f"""
    EXISTS ({_AGREED} AND consent.includes_family AND NOT EXISTS (
        SELECT 1 FROM patients_consentrecipient excluded
        JOIN patients_relative relative ON relative.id = excluded.excluded_relative_id
        WHERE excluded.consent_id = consent.id AND relative.user_id = {{user}}
    ))
"""  # noqa: S608 - constants
_REFUSED_IN_NEED: Final = f"""
    EXISTS ({_DECISION} AND consent.decision = '{ConsentDecision.REFUSED.value}'
        AND consent.binds_emergency AND consent.withdrawn_at IS NULL
        AND consent.period @> {{today}}::date)
"""
# The present decision, where it is a no.
_TAKEN_BACK: Final = f"""
    EXISTS ({_DECISION} AND (consent.withdrawn_at IS NOT NULL
        OR consent.decision = '{ConsentDecision.REFUSED.value}'))
"""
_KINDS_WITHOUT_CONSENT: Final = ", ".join(f"'{kind.value}'" for kind in WITHOUT_CONSENT)
# A refusal that the person wants kept in an emergency too closes what is open without consent. A
# card speaks for the person: what it opened closes when they take that back. That a consent runs
# out at midnight closes nothing in the middle of a rescue.
_OPENS: Final = f"""
    ({{kind}} IN ({_KINDS_WITHOUT_CONSENT}) AND NOT {_REFUSED_IN_NEED}
        AND NOT ({{kind}} = '{GrantKind.EMERGENCY_CARD.value}' AND {_TAKEN_BACK}))
    OR ({{user}} IS NULL AND {_TO_THE_TEAM})
    OR ({{user}} IS NOT NULL AND {_TO_THE_FAMILY})
"""
# The host reads the basics without consent, because it is the one that asks for it.
_BY_HOST: Final = f"""
    {{kind}} = '{GrantKind.TEAM.value}' AND {{organisation}} = (
        SELECT host_id FROM patients_patient person WHERE person.id = {{patient}})
"""  # noqa: S608 - constants
# In a disaster there is no time to write a grant per person and office; a drill opens nothing.
_DISASTER: Final = f"""
    {{closed_on}} IS NULL AND NOT {_REFUSED_IN_NEED} AND EXISTS (
        SELECT 1 FROM patients_disastermode disaster
        WHERE disaster.municipality_ids @> ARRAY[{{municipality}}]::bigint[]
        AND disaster.roles @> ARRAY[{{role}}]::varchar[]
        AND disaster.content_classes @> ARRAY[{{content}}]::varchar[]
        AND NOT disaster.is_drill AND disaster.ended_at IS NULL
        AND disaster.approved_at <= {{now}} AND disaster.ends_at > {{now}}
    )
"""  # noqa: S608 - constants
# The same of every content at once.
_OPEN_CONTENTS: Final = f"""
    ARRAY(SELECT each FROM unnest({{contents}}::varchar[]) each WHERE {_OPENS}
    OR (each = '{ContentClass.BASIC.value}' AND {_BY_HOST}))
"""  # noqa: S608 - constants
_DISASTER_CONTENTS: Final = f"""
    ARRAY(SELECT each FROM unnest({{contents}}::varchar[]) each WHERE {_DISASTER})
"""  # noqa: S608 - constants
_OF_A_GRANT: Final = {
    "patient": "patient_id",
    "organisation": "organisation_id",
    "user": "user_id",
    "kind": "kind",
}
_OF_A_PERSON: Final = {
    "patient": "pk",
    "closed_on": "closed_on",
    "municipality": "municipality_id",
}

_NAMES: Final[Field[Any, Any]] = ArrayField(TextField())


def _each(text: str) -> str:
    """Said of each content of a list instead of one given."""
    return text.replace("{content}", "each")


def grant_is_open(content: ContentClass) -> Condition:
    """About grants: something opens this content through it now, be it held by whom it may."""
    text = f"{_OPENS} OR ({_BY_HOST})" if content == ContentClass.BASIC else _OPENS
    return Condition(text, columns=_OF_A_GRANT, today=clock.today(), content=content.value)


def contents_of_grant() -> Condition:
    """About grants: every content that ``grant_is_open`` says of, as a list."""
    columns = {**_OF_A_GRANT, "contents": "content_classes"}
    return Condition(_each(_OPEN_CONTENTS), columns=columns, yields=_NAMES, today=clock.today())


def contents_in_disaster(role: str) -> Condition:
    """About persons: every content that ``disaster_opens`` says of, as a list."""
    return Condition(
        _each(_DISASTER_CONTENTS),
        columns=_OF_A_PERSON,
        yields=_NAMES,
        today=clock.today(),
        now=clock.now(),
        role=role,
        contents=[content.value for content in ContentClass],
    )


def team_consented(content: ContentClass) -> Condition:
    """About grants: the person's consent in force reaches the organisation of the grant."""
    columns = {"patient": "patient_id", "organisation": "organisation_id"}
    return Condition(_TO_THE_TEAM, columns=columns, today=clock.today(), content=content.value)


def family_consented(content: ContentClass) -> Condition:
    """About grants: the consent in force reaches the family, and not past an excluded relative."""
    columns = {"patient": "patient_id", "user": "user_id"}
    return Condition(_TO_THE_FAMILY, columns=columns, today=clock.today(), content=content.value)


def refused_in_need() -> Condition:
    """About persons: they refused, and that binds in an emergency too.

    Source: domain/information-sharing.md §7.1: where life is at stake a refusal may be passed over;
    the person can say that theirs is not to be (T-P2).
    """
    return Condition(_REFUSED_IN_NEED, columns={"patient": "pk"}, today=clock.today())


def disaster_opens(role: str, content: ContentClass) -> Condition:
    """About persons: a disaster going on where they live opens this content to the role."""
    return Condition(
        _DISASTER,
        columns=_OF_A_PERSON,
        today=clock.today(),
        now=clock.now(),
        role=role,
        content=content.value,
    )

"""A municipality with its rule, in force and revised: for the tests that ask for it."""

from __future__ import annotations

import pytest

from renkei.care.transitions.rule_content import parse
from renkei.care.transitions.rule_editing import part_of
from renkei.care.transitions.services import drafts
from renkei.care.transitions.services.rules import adopt_rule
from renkei.care.transitions.tests import factories
from renkei.care.transitions.tests.rulework import APRIL, NOW, write
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.audit.actors import SYSTEM


@pytest.fixture
def area():
    """架空市, with everybody's office in it."""
    area = areas.make_area()
    for user in (accounts.sato(), accounts.suzuki(), accounts.takahashi(), accounts.tanaka()):
        office = user.memberships.get().organisation
        office.area = area
        office.save()
    return area


@pytest.fixture
def sato(area):
    return accounts.viewer_for(accounts.sato())


@pytest.fixture
def first(sato, area):
    """The area's rule, first edition, in force since today and adopted."""
    source = factories.shipped().versions.get()
    draft = drafts.start_rule(viewer=sato, source=source, name="架空市のルール", area=area)
    version = drafts.publish_draft(
        viewer=sato, draft=draft, first_day=NOW.date(), reason="はじめて", decision="第1回会議"
    )
    adopt_rule(actor=SYSTEM, rule=version.rule, area=area, first_day=NOW.date())
    return version


@pytest.fixture
def second(sato, first):
    """The next edition, from April on: the notice before discharge comes earlier."""
    draft = drafts.start_revision(viewer=sato, rule=first.rule, source=first)
    content = parse(draft.content)
    rows = part_of(content, "deadlines")
    rows[4] |= {"amount": 10}
    write(sato, draft, "deadlines", rows)
    return drafts.publish_draft(
        viewer=sato, draft=draft, first_day=APRIL, reason="準備が間に合わないため"
    )

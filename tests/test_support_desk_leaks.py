"""T-H3: the prefecture sees aggregates only, never a person: its desk is crawled, link by link.

A person whose every field holds a canary lives in a municipality of the prefecture. Whoever sits at
the desk follows every link there is; and asks for everything that is about the person.
"""

from __future__ import annotations

import re

import pytest
from django.test import Client

from renkei.care.patients.models import Patient
from renkei.foundation.accounts.models import OrganisationKind, Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.models import AreaLevel
from renkei.foundation.areas.tests.factories import make_area, make_edge, make_hierarchy
from renkei.foundation.common import clock
from renkei.programme.planning.queries.support import case_door, request_door
from renkei.programme.planning.services import plans
from renkei.programme.planning.services import support as services
from tests.person_addresses import Secret, addresses
from tests.person_crawl import Question, files_in, text_of
from tests.person_people import Outsider
from tests.person_story import CANARY, Story

pytestmark = pytest.mark.django_db

LINK = re.compile(r'href="(/[^"#]*)')


def desk(story):
    """Somebody of the 保健所 above the person's municipality, and a desk with everything on it."""
    town = story.patient.municipality or story.rows["Area"]
    Patient.objects.filter(pk=story.patient.pk).update(municipality=town)
    above = make_area(level=AreaLevel.PREFECTURE, name="架空県")
    make_edge(hierarchy=make_hierarchy("administrative", "行政"), child=town, parent=above)
    centre = accounts.make_organisation("架空県保健所", OrganisationKind.HEALTH_CENTRE)
    centre.area = above
    centre.save()
    office = accounts.sato().memberships.get().organisation
    office.area = town
    office.save()
    watcher = accounts.person("岬 七", "misaki@pref.example.test", centre, Role.PREFECTURE)
    city, here = accounts.viewer_for(accounts.sato()), accounts.viewer_for(watcher)
    asked = services.ask_for_support(viewer=city, fields={"item": "data", "title": "統計"})
    services.answer_request(
        door=request_door(here, asked.uid),
        fields={"kind": "visit", "done_on": clock.today(), "text": "説明した"},
    )
    case = services.write_case(
        viewer=city, fields={"title": "例", "before": "困った", "text": "一覧を作った"}
    )
    services.publish_case(door=case_door(city, case.uid))
    services.share_material(viewer=here, fields={"item": "data", "title": "統計"})
    for viewer in (city, here):
        plans.make_plan(viewer=viewer, fiscal_year=2026, vision="暮らし", visions={"end": "家で"})
    return watcher


def walk(client):
    """Every page one gets to by its links, with what it says."""
    waiting, found = ["/planning/support/", client.get("/accounts/start/")["Location"]], {}
    while waiting:
        path = waiting.pop()
        if path in found or "/sign-out" in path or "/static/" in path or "?" in path:
            continue
        response = client.get(path)
        found[path] = (response.status_code, text_of(response) if response.content else "")
        if "html" in response.headers.get("Content-Type", ""):
            waiting += LINK.findall(response.content.decode())
    return found


def test_t_h3_the_desk_never_says_a_word_of_a_person(tmp_path):
    with files_in(tmp_path):
        story = Story()
        watcher = desk(story)
        client, viewer = accounts.sign_in(Client(), watcher), accounts.viewer_for(watcher)

        pages = walk(client)
        question = Question(Outsider("the desk", viewer, client))
        wrong = [
            finding
            for address in addresses()
            if address.is_about_a_person and address.lets_in(viewer)
            for arguments in list(address.candidates(story))[:1]
            if not any(isinstance(value, Secret) for value in arguments.values())
            for finding in question.findings(address, arguments)
        ]

    desks = {path for path in pages if path.startswith("/planning/")}
    assert {"/planning/support/", "/planning/support/log/", "/planning/plans/"} <= desks
    assert len(desks) > 12
    assert [path for path in desks if pages[path][0] >= 400] == []
    uid = str(story.patient.uid)
    assert [path for path, (_, text) in pages.items() if CANARY in text or uid in text] == []
    assert wrong == []

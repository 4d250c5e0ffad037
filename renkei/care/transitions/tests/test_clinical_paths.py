"""T-PATH1: 地域連携クリティカルパス over institutions: goals, variances, hand-on, paper copy."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pypdfium2
import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from renkei.care.patients.tests import factories as patients
from renkei.care.transitions.models import (
    PathAct,
    PathDefinition,
    PathEvent,
    PathVersion,
    PatientPath,
    VersionState,
)
from renkei.care.transitions.path_content import parse
from renkei.care.transitions.path_states import derive
from renkei.care.transitions.queries.paths import path_for, paths_visible_to, versions_to_start
from renkei.care.transitions.services.path_lifecycle import (
    destroy_paths,
    move_paths,
    move_paths_back,
)
from renkei.care.transitions.services.paths import (
    NewPathEvent,
    Place,
    load_shipped_paths,
    publish_path,
    record_on_path,
    start_path,
)
from renkei.care.transitions.shipped.paths import EXAMPLE
from renkei.care.transitions.tests import factories
from renkei.care.transitions.tests.test_referrals import browser, url
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.notifications.models import Notification

A = PathAct
NAME = "架空 渚"
NOW = factories.at(date(2026, 11, 20), 9)
ONSET = date(2026, 10, 1)
CONTENT = parse(EXAMPLE)


@pytest.fixture
def on_friday(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def version(db, on_friday) -> PathVersion:
    load_shipped_paths(actor=SYSTEM)
    return PathVersion.objects.get()


@pytest.fixture
def patient(version):
    return factories.patient_with_both_sides(name=NAME, kana="カクウ ナギサ")


@pytest.fixture
def path(patient, version) -> PatientPath:
    return started(patient, version)


def started(patient, version, **fields) -> PatientPath:
    values = {"began_on": ONSET, "place": Place(organisation=factories.hospital()), **fields}
    viewer = accounts.viewer_for(factories.ward_nurse())
    return start_path(viewer=viewer, patient=patient, version=version, **values)


def told(path, act, day, *, by=None, **fields) -> PathEvent:
    viewer = accounts.viewer_for(by or factories.ward_nurse())
    event = record_on_path(viewer=viewer, path=path, new=NewPathEvent(act, on=day, **fields))
    path.refresh_from_db()
    return event


def overview(path, user=None):
    return path_for(accounts.viewer_for(user or factories.ward_nurse()), path.uid).overview


# The definition -----------------------------------------------------------------------------


def test_the_example_is_marked_and_says_where_its_facts_are_from(version):
    assert version.definition.is_example
    assert [one.name for one in CONTENT.phases] == ["急性期", "回復期", "生活期（自宅）"]
    assert CONTENT.source
    assert CONTENT.unconfirmed
    assert CONTENT.after("acute") == CONTENT.phase("recovery")
    assert CONTENT.after("home") is None
    assert CONTENT.after("nowhere") == CONTENT.phase("acute")


def test_loading_again_changes_nothing_and_a_changed_one_is_a_new_edition(version, capsys):
    call_command("load_clinical_paths")
    assert "新しい版 0" in capsys.readouterr().out
    changed = copy.deepcopy(EXAMPLE)
    changed["title"] = "別の題"
    newer = publish_path(
        actor=SYSTEM, definition=version.definition, content=changed, reason="見直し"
    )
    assert (newer.number, versions_to_start()) == (2, [newer])
    with pytest.raises(DatabaseError, match="変えられません"), transaction.atomic():
        PathVersion.objects.filter(pk=version.pk).update(content=changed)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda raw: raw.pop("phases"), "足りない所"),
        (lambda raw: raw.update(phases=[]), "段階を1つ以上"),
        (lambda raw: raw["phases"].append(raw["phases"][0]), "段階の符号"),
        (lambda raw: raw["phases"][1]["goals"].append(raw["phases"][0]["goals"][0]), "達成目標"),
        (lambda raw: raw["variances"].append(raw["variances"][0]), "バリアンスの符号"),
        (lambda raw: raw["phases"][0].update(expected_days=0), "標準の日数"),
        (lambda raw: raw["phases"][0].update(expected_days="many"), "標準の日数"),
        (lambda raw: raw["phases"][0]["goals"][0].update(by_day=True), "目安の日"),
    ],
)
def test_a_path_that_is_none_is_refused_with_its_place(change, words):
    raw = copy.deepcopy(EXAMPLE)
    change(raw)
    with pytest.raises(ValidationError, match=words):
        parse(raw)


# The derived way ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    pk: int
    act: str
    on: date
    phase_code: str = ""
    goal_code: str = ""
    variance_code: str = ""
    reason: str = ""
    institution_name: str = ""
    corrects_id: int | None = None
    author_name: str = "架空"
    organisation_name: str = "架空"


ACTS = st.lists(
    st.tuples(
        st.sampled_from([A.ENTERED, A.REACHED, A.VARIANCE, A.HANDED_ON, A.RETRACTED]),
        st.sampled_from(["acute", "recovery", "home"]),
        st.integers(0, 60),
        st.integers(0, 8),
    ),
    max_size=12,
)


@given(ACTS, st.randoms())
def test_t_path1_the_way_does_not_depend_on_the_order_of_telling(rows, random):
    events: list[Any] = [Row(0, A.ENTERED, ONSET, "acute")]
    for number, (act, phase, day, back) in enumerate(rows, start=1):
        corrects = back if act == A.RETRACTED and 0 < back < number else None
        goal = "a1" if act == A.REACHED else ""
        events.append(
            Row(number, act, ONSET + timedelta(days=day), phase, goal, corrects_id=corrects)
        )
    shuffled = list(events)
    random.shuffle(shuffled)
    today = ONSET + timedelta(days=70)

    way = derive(CONTENT, events, today)

    assert way == derive(CONTENT, shuffled, today)
    assert sum(one.is_current for one in way.phases) == 1
    assert all(one.days >= 0 for one in way.phases)


# One person ---------------------------------------------------------------------------------


def test_t_path1_from_acute_to_recovery_to_home(path, patient):
    told(path, A.REACHED, date(2026, 10, 3), goal_code="a1")
    told(path, A.REACHED, date(2026, 10, 12), goal_code="a2")
    told(
        path,
        A.VARIANCE,
        date(2026, 10, 20),
        goal_code="a4",
        variance_code="p1",
        reason="肺炎で離床が遅れた",
    )
    recovery = Place(name="架空回復期病院")
    told(path, A.HANDED_ON, date(2026, 10, 25), phase_code="recovery", place=recovery)
    waiting = overview(path)
    assert waiting.waiting_for is not None
    assert (waiting.current, path.phase_code) == ("acute", "acute")

    # The next hospital has no account: the care manager writes down what it told.
    told(
        path,
        A.ENTERED,
        date(2026, 10, 25),
        by=accounts.suzuki(),
        phase_code="recovery",
        place=recovery,
    )
    way = overview(path)
    acute, second, home = way.phases

    assert (way.current, way.waiting_for) == ("recovery", None)
    assert (acute.days, acute.over_days, acute.left_on) == (25, 4, date(2026, 10, 25))
    assert (second.days, second.is_current, home.entered) == (27, True, None)
    first, late = acute.goals[:2]
    assert first.reached is not None
    assert (first.reached.author_name, first.is_late) == ("木暮 由衣", False)
    assert (late.is_late, late.due_on) == (True, date(2026, 10, 7))
    [variance] = acute.variances
    assert (variance.event.reason, variance.variance.text if variance.variance else "") == (
        "肺炎で離床が遅れた",
        "合併症・再発",
    )
    assert acute.handed_on is not None
    told(path, A.ENTERED, date(2026, 11, 10), phase_code="home", place=Place(name="自宅"))
    told(path, A.ENDED, date(2026, 11, 18), reason="目標に達した")
    assert (path.is_open, overview(path).phases[2].days) == (False, 9)
    with pytest.raises(ValidationError, match="終わっています"):
        told(path, A.REACHED, date(2026, 11, 19), goal_code="h1")


def test_a_mistake_is_taken_back_and_stays_to_be_read(path):
    event = told(path, A.REACHED, date(2026, 10, 3), goal_code="a1")
    told(path, A.RETRACTED, NOW.date(), corrects=event.uid)

    assert overview(path).phases[0].reached_count == 0
    assert path.events.count() == 3
    with pytest.raises(ValidationError, match="すでに取り消されて"):
        told(path, A.RETRACTED, NOW.date(), corrects=event.uid)
    first = path.events.earliest("pk")
    with pytest.raises(ValidationError, match="最初の段階"):
        told(path, A.RETRACTED, NOW.date(), corrects=first.uid)
    with pytest.raises(ValidationError, match="すでに取り消されて"):
        told(path, A.RETRACTED, NOW.date())


@pytest.mark.parametrize(
    ("act", "fields", "words"),
    [
        (A.REACHED, {"goal_code": "zz"}, "達成目標から"),
        (A.REACHED, {}, "まだ達していない"),
        (A.REACHED, {"goal_code": "a1", "on": date(2026, 9, 1)}, "起点の日より後"),
        (A.REACHED, {"goal_code": "a1", "on": date(2026, 12, 1)}, "きょうまで"),
        (A.VARIANCE, {"variance_code": "zz", "reason": "x"}, "バリアンスを選んで"),
        (A.VARIANCE, {"variance_code": "p1"}, "理由を入力"),
        (A.ENTERED, {"place": Place(name="x")}, "段階を選んで"),
        (A.ENTERED, {"phase_code": "zz", "place": Place(name="x")}, "段階から選んで"),
        (A.HANDED_ON, {"phase_code": "home"}, "機関を選ぶか"),
    ],
)
def test_what_cannot_be_is_refused(path, act, fields, words):
    values: dict[str, Any] = {"on": date(2026, 10, 5), **fields}
    with pytest.raises(ValidationError, match=words):
        told(path, act, values.pop("on"), **values)


def test_a_goal_is_reached_once_and_a_form_sent_twice_is_kept_once(path):
    uid = uuid4()
    first = told(path, A.REACHED, ONSET, goal_code="a1", client_uid=uid)
    assert told(path, A.REACHED, ONSET, goal_code="a1", client_uid=uid) == first
    with pytest.raises(ValidationError, match="まだ達していない"):
        told(path, A.REACHED, ONSET, goal_code="a1")


def test_nobody_is_on_the_same_path_twice(path, patient, version):
    with pytest.raises(ValidationError, match="すでに始まって"):
        started(patient, version)
    uid = uuid4()
    other = factories.patient_with_both_sides()
    assert started(other, version, client_uid=uid) == started(other, version, client_uid=uid)
    draft = PathVersion.objects.create(
        definition=version.definition, number=9, state=VersionState.DRAFT, content=EXAMPLE
    )
    with pytest.raises(ValidationError, match="使えません"):
        started(other, draft)


def test_the_team_is_told_in_fixed_words_and_the_trail_names_nobody(path):
    told(path, A.HANDED_ON, ONSET, phase_code="recovery", place=Place(name="架空回復期病院"))

    rows = Notification.objects.filter(kind="transitions.path_news")
    assert {row.user_id for row in rows} == {accounts.suzuki().pk, accounts.takahashi().pk}
    assert {row.path for row in rows} == {url("path_detail", path.uid)}
    acts = AuditEvent.objects.filter(action__startswith="path.").order_by("pk")
    assert [one.action for one in acts] == ["path.started", "path.recorded"]
    assert NAME not in str([one.detail for one in acts])


def test_events_are_never_changed(path):
    with pytest.raises(DatabaseError, match="追加だけ"), transaction.atomic():
        path.events.update(reason="x")
    with pytest.raises(DatabaseError, match="追加だけ"), transaction.atomic():
        path.events.get().delete()


def test_paths_follow_a_merge_and_go_with_the_record(path, patient, version):
    event = told(path, A.REACHED, ONSET, goal_code="a1")
    told(path, A.RETRACTED, ONSET, corrects=event.uid)
    into = factories.patient_with_both_sides()
    moved = move_paths(patient, into)
    path.refresh_from_db()
    assert path.patient == into
    move_paths_back(patient, into, moved)
    started(into, version)
    # Two open ones on the same edition cannot both be one person's.
    assert move_paths(patient, into) == []
    assert destroy_paths(actor=SYSTEM, patient=patient, document_class="sheets") == 0

    with transaction.atomic():
        assert destroy_paths(actor=SYSTEM, patient=patient, document_class="timeline") == 4

    assert PatientPath.objects.count() == 1


def test_without_consent_to_the_story_nobody_sees_a_path(path, patient):
    viewer = accounts.viewer_for(accounts.suzuki())
    patient.consents.update(content_classes=["basic"])
    assert not paths_visible_to(viewer).exists()
    client = browser(accounts.suzuki())
    assert client.get(url("path_detail", path.uid)).status_code == 404
    assert client.get(url("patient_paths", patient.uid)).status_code == 404


# Pages --------------------------------------------------------------------------------------


def test_t_path1_a_ward_starts_it_and_marks_a_goal_in_two_taps(patient, version):
    client = browser(factories.ward_nurse())
    empty = patients.text_of(client.get(url("patient_paths", patient.uid)))
    assert "この人のパスはありません" in empty
    assert client.get(url("path_start", patient.uid)).status_code == 200
    values = {"version": str(version.uid), "on": "2026-11-15"}
    wrong = client.post(url("path_start", patient.uid), {**values, "place": "elsewhere"})
    assert (wrong.status_code, "名称を入力" in patients.text_of(wrong)) == (422, True)
    here = {**values, "place": str(factories.hospital().uid)}
    client.post(url("path_start", patient.uid), here)
    again = client.post(url("path_start", patient.uid), here)
    assert (again.status_code, "すでに始まって" in patients.text_of(again)) == (422, True)
    path = PatientPath.objects.get()

    page = patients.text_of(client.get(url("path_detail", path.uid)))
    record = f"{url('path_record', path.uid, 'reached')}?goal=a1"
    assert record in page
    form = patients.text_of(client.get(record))
    assert '<option value="a1" selected>' in form
    client.post(record, {"goal_code": "a1", "on": "2026-11-17"})

    page = patients.text_of(client.get(url("path_detail", path.uid)))
    assert "2026年11月17日" in page
    assert "木暮 由衣" in page
    assert "達成 1／5" in page
    assert path.version.definition.name in patients.text_of(
        client.get(url("patient_paths", patient.uid))
    )


def test_every_act_has_its_form(path):
    client = browser(factories.ward_nurse())
    for act in (A.REACHED, A.VARIANCE, A.HANDED_ON, A.ENTERED, A.ENDED):
        assert client.get(url("path_record", path.uid, act)).status_code == 200
    for wrong in ("retracted", "nonsense"):
        assert client.get(url("path_record", path.uid, wrong)).status_code == 404
    variance = url("path_record", path.uid, "variance")
    assert client.post(variance, {"on": "2026-11-01"}).status_code == 422
    values = {"on": "2026-12-01", "variance_code": "s1", "reason": "空き待ち"}
    assert client.post(variance, values).status_code == 422
    client.post(variance, {**values, "on": "2026-11-01"})
    handed = {
        "on": "2026-11-02",
        "phase_code": "recovery",
        "place": "elsewhere",
        "place_name": "架空回復期病院",
    }
    client.post(url("path_record", path.uid, "handed_on"), handed)
    page = patients.text_of(client.get(url("path_detail", path.uid)))
    for words in ("空き待ち", "受け入れの記録を待っています", "目安を過ぎた", "日超過"):
        assert words in page

    client.post(url("path_record", path.uid, "ended"), {"on": "2026-11-03", "reason": "転居"})
    closed = patients.text_of(client.get(url("path_detail", path.uid)))
    assert url("path_record", path.uid, "reached") not in closed
    assert client.get(variance).status_code == 404


def test_a_mistake_is_taken_back_on_the_page(path):
    event = told(path, A.REACHED, ONSET, goal_code="a1")
    client = browser(factories.ward_nurse())
    address = url("path_retract", path.uid, event.uid)
    assert "取り消す" in patients.text_of(client.get(address))
    done = patients.text_of(client.post(address, follow=True))
    assert "取り消されました" in done
    again = patients.text_of(client.post(address, follow=True))
    assert "すでに取り消されて" in again
    assert client.get(url("path_retract", path.uid, uuid4())).status_code == 404


def test_t_path1_the_overview_is_one_sheet_of_paper(path):
    told(path, A.REACHED, date(2026, 10, 3), goal_code="a1")
    told(path, A.VARIANCE, ONSET, variance_code="p1", reason="再出血", phase_code="acute")
    told(path, A.HANDED_ON, ONSET, phase_code="recovery", place=Place(name="架空回復期病院"))

    answer = browser(accounts.suzuki()).get(url("path_sheet", path.uid))

    pages = list(pypdfium2.PdfDocument(answer.content))
    text = "".join(page.get_textpage().get_text_range() for page in pages)
    assert len(pages) == 1
    for words in (
        NAME,
        "急性期",
        "回復期",
        "2026年10月3日",
        "木暮 由衣",
        "再出血",
        "架空回復期病院",
    ):
        assert words in text
    assert AuditEvent.objects.filter(
        action="patient.read", detail__what="地域連携パス（印刷）"
    ).exists()


def test_the_paths_of_the_region_can_be_read_by_all_who_work_in_teams(version):
    client = browser(accounts.tanaka())
    assert str(version) in patients.text_of(client.get(url("path_list")))
    page = patients.text_of(client.get(url("path_version_detail", version.uid)))
    assert "移乗が全介助より軽い" in page
    assert client.get(url("path_version_detail", uuid4())).status_code == 404
    assert str(version.definition) == PathDefinition.objects.get().name


def test_strangers_find_nothing_and_observers_write_nothing(path, patient):
    stranger = browser(accounts.tanaka())
    known = stranger.get(url("path_detail", path.uid))
    unknown = stranger.get(url("path_detail", uuid4()))
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    patient.team.filter(membership__user=accounts.takahashi()).update(is_observer=True)
    observer = browser(accounts.takahashi())
    page = patients.text_of(observer.get(url("path_detail", path.uid)))
    assert url("path_record", path.uid, "reached") not in page
    assert observer.get(url("path_record", path.uid, "reached")).status_code == 404
    assert observer.get(url("path_start", patient.uid)).status_code == 404

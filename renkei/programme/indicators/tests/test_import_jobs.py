"""Large files: a worker reads and writes them, the page tells how far it is, nothing is lost."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from renkei.foundation.accounts.models import Membership, Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.models import AreaLevel
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.models import AuditEvent
from renkei.programme.indicators.models import ImportRun, IndicatorVersion, RunState, Value
from renkei.programme.indicators.services import import_jobs
from renkei.programme.indicators.services.catalogue import load_catalogue
from renkei.programme.indicators.tasks import apply_values_task, read_values_task
from renkei.programme.indicators.tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def large(settings, tmp_path, monkeypatch):
    settings.VAR = tmp_path / "var"
    monkeypatch.setattr(import_jobs, "LARGE", 3)


@pytest.fixture
def town():
    load_catalogue(actor=SYSTEM)
    areas.make_area(level=AreaLevel.PREFECTURE, key="990001", code="990001", name="架空県")
    return areas.make_area(key=areas.code_of("99301"), code=areas.code_of("99301"), name="甲町")


@pytest.fixture
def membership(town):
    return factories.membership(Role.MUNICIPAL_STAFF, town)


@pytest.fixture
def page(membership):
    return accounts.sign_in(Client(), membership.user)


TEXT = "地域,令和2年度,令和3年度,令和4年度\n甲町,10,12,14\n架空県,90,91,92\n"


def sent(page, text: str = TEXT) -> ImportRun:
    file = SimpleUploadedFile("訪問看護.csv", text.encode("utf-8-sig"))
    page.post(reverse("indicators:import_new"), {"table": file})
    return ImportRun.objects.latest("pk")


def decide(page, run: ImportRun, **more):
    columns = run.mapping["columns"]
    data = {"as_of": "2024-06-01", "source": "架空の資料", "indicator": "D-S3", "dash": "none",
            "sharing": "open"}  # fmt: skip
    for place, column in enumerate(columns):
        data[f"role_{place}"] = column["role"]
        data[f"target_{place}"] = column["target"]
    url = reverse("indicators:import_columns", args=[run.uid])
    answer = page.post(url, data | more)
    assert answer.status_code == 302, answer.content.decode()
    run.refresh_from_db()
    return answer


def state_of(run: ImportRun) -> str:
    run.refresh_from_db()
    return run.state


def test_a_large_file_is_read_and_written_by_a_worker(page, membership):
    run = sent(page)
    decide(page, run)
    preview = reverse("indicators:import_preview", args=[run.uid])

    assert (run.state, run.cells) == (RunState.READING, 6)
    assert "順番を待っています" in page.get(preview).content.decode()
    assert page.get(reverse("indicators:import_progress", args=[run.uid])).status_code == 200
    read_values_task(run_uid=str(run.uid), membership_id=membership.pk)
    shown = page.get(preview).content.decode()

    assert "6件を取り込む" in shown
    assert "2行を読みました" in shown
    assert not Value.objects.exists()
    page.post(reverse("indicators:import_apply", args=[run.uid]))
    assert state_of(run) == RunState.APPLYING
    assert "全部入るか、全部入らないか" in page.get(preview).content.decode()
    apply_values_task(run_uid=str(run.uid), membership_id=membership.pk)

    assert state_of(run) == RunState.APPLIED
    assert run.summary["added"] == Value.objects.count() == 6
    answer = page.get(reverse("indicators:import_progress", args=[run.uid]))
    assert answer.headers["HX-Redirect"] == reverse("indicators:import_detail", args=[run.uid])
    names = set(ProcrastinateJob.objects.values_list("task_name", flat=True))
    assert {"indicators.read_values", "indicators.apply_values"} <= names


def test_a_job_that_runs_twice_writes_once(page, membership):
    run = sent(page)
    decide(page, run)
    for _ in range(2):
        read_values_task(run_uid=str(run.uid), membership_id=membership.pk)
    page.post(reverse("indicators:import_apply", args=[run.uid]))
    for _ in range(2):
        apply_values_task(run_uid=str(run.uid), membership_id=membership.pk)

    assert state_of(run) == RunState.APPLIED
    assert AuditEvent.objects.filter(action="indicators.imported").count() == 1


def test_what_is_stopped_is_not_written(page, membership):
    run = sent(page)
    decide(page, run)
    read_values_task(run_uid=str(run.uid), membership_id=membership.pk)
    page.post(reverse("indicators:import_apply", args=[run.uid]))
    answer = page.post(reverse("indicators:import_stop", args=[run.uid]), follow=True)
    apply_values_task(run_uid=str(run.uid), membership_id=membership.pk)

    assert "値は変わっていません" in answer.content.decode()
    assert state_of(run) == RunState.DRAFT
    assert not Value.objects.exists()
    # The columns are decided again, the file is still there.
    decide(page, run)
    assert run.state == RunState.READING


def test_a_file_that_cannot_be_read_any_more_says_so_and_loses_nothing(page, membership):
    run = sent(page)
    decide(page, run)
    ImportRun.objects.filter(pk=run.pk).update(path="/nowhere/at-all.csv")

    read_values_task(run_uid=str(run.uid), membership_id=membership.pk)

    assert state_of(run) == RunState.DRAFT
    answer = page.get(reverse("indicators:import_preview", args=[run.uid]))
    assert answer.status_code == 422
    assert "列の決め方を見直す" in answer.content.decode()


def test_a_job_of_somebody_who_left_writes_nothing(page, membership):
    run = sent(page)
    decide(page, run)
    read_values_task(run_uid=str(run.uid), membership_id=membership.pk)
    page.post(reverse("indicators:import_apply", args=[run.uid]))
    Membership.objects.filter(pk=membership.pk).update(revoked_at="2020-01-01T00:00Z")

    apply_values_task(run_uid=str(run.uid), membership_id=membership.pk)

    assert state_of(run) == RunState.DRAFT
    assert "所属が終わった" in run.error
    assert not Value.objects.exists()


def test_what_would_give_a_hidden_number_away_is_refused_and_said(page, monkeypatch):
    monkeypatch.setattr(import_jobs, "LARGE", 100)
    text = "地域,令和2年度,令和3年度,令和4年度,令和5年度\n甲町,3,12,14,20\n"
    run = sent(page, text)
    decide(page, run, indicator="", role_1="value_new", role_2="value_new", new_unit="人",
           period="令和2年度", role_3="ignore", role_4="ignore")  # fmt: skip
    version = IndicatorVersion.objects.filter(indicator__owner__name="甲町").first()
    assert version
    assert version.counts_persons
    apply = reverse("indicators:import_apply", args=[run.uid])

    answer = page.post(apply, follow=True)

    assert "1～4人の値が1件あるため" in answer.content.decode()
    assert not Value.objects.exists()


def test_small_files_stay_immediate(page, monkeypatch):
    monkeypatch.setattr(import_jobs, "LARGE", 20_000)
    run = sent(page)
    decide(page, run)

    assert run.state == RunState.DRAFT
    page.post(reverse("indicators:import_apply", args=[run.uid]))
    assert state_of(run) == RunState.APPLIED


@pytest.mark.parametrize(
    ("text", "sharing"),
    [
        ("地域,自宅で亡くなった人の数\n甲町,10\n", "open"),
        ("地域,窓口に来た人\n甲町,10\n", "shared"),
        ("指標,地域,令和4年度\nK-O1,甲町,10\n", "open"),
        ("指標,地域,令和4年度\nK-O1,甲町,10\nD-S6,甲町,3\n", "shared"),
    ],
)
def test_only_published_sources_are_proposed_as_published(page, text, sharing):
    names = dict(IndicatorVersion.objects.values_list("indicator__code", "name"))
    run = sent(page, text.replace("自宅で亡くなった人の数", names["K-O1"]))

    assert run.mapping["sharing"] == sharing

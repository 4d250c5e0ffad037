"""From the files to the register and back, on invented files in the official layouts."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from renkei.foundation.areas.models import Town
from renkei.foundation.audit.actors import Actor, ActorKind
from renkei.foundation.audit.models import AuditEvent
from renkei.registry.facilities import queries_imports as queries
from renkei.registry.facilities.models import (
    Change,
    Dataset,
    Facility,
    ImportRun,
    ImportState,
    ListingStatus,
    Override,
    Repair,
    SearchEntry,
    Service,
    StagedRow,
    UndoRow,
    Verdict,
)
from renkei.registry.facilities.services import applying, imports
from renkei.registry.facilities.services.overrides import (
    confirm_facility,
    correct_field,
    withdraw_correction,
)
from renkei.registry.facilities.tests.official_files import (
    KAWASE,
    bring_in,
    care_row,
    make_region,
    preview,
    write_csv,
)

pytestmark = pytest.mark.django_db
TABLES = (
    "facilities_service",
    "facilities_facility",
    "facilities_searchentry",
    "facilities_dataset",
    "facilities_override",
    "facilities_placepair",
)


@pytest.fixture(autouse=True)
def region():
    return make_region()


@pytest.fixture
def care(tmp_path):
    """Writes a care file; rows given as numbers or rows."""

    def write(*rows, name="jigyosho_130.csv"):
        made = [care_row(row) if isinstance(row, str) else row for row in rows]
        return write_csv(tmp_path / name, made)

    return write


def dump() -> dict[str, list[object]]:
    """Every row of the register as text."""
    with connection.cursor() as cursor:
        rows = {}
        for table in TABLES:
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t ORDER BY 1")  # noqa: S608 - constants
            rows[table] = cursor.fetchall()
    return rows


NUMBERS = [f"9960190{n}3" for n in range(10, 14)]


def test_preview_writes_nothing_and_apply_writes_everything(care):
    run = preview(care(*NUMBERS))

    assert run.state == ImportState.PREVIEW
    assert run.counts["added"] == 4
    assert (Service.objects.count(), Facility.objects.count()) == (0, 0)

    imports.apply_import(actor=KAWASE, run=run)

    assert (Service.objects.count(), Facility.objects.count()) == (4, 4)
    assert SearchEntry.objects.count() == 4
    service = Service.objects.get(source_key=NUMBERS[0])
    assert service.address.startswith("架空県架空市北浜")
    assert service.coordinates_from == "official"
    assert str(service.facility.municipality) == "架空市"
    assert (service.row_number, service.file.name) == (2, "jigyosho_130.csv")
    actions = list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True))
    assert actions == ["import.started", "import.apply_started", "import.applied"]


def test_t_a1a_second_import_of_the_same_file_changes_nothing(care):
    path = care(*NUMBERS)
    bring_in(path)
    before = dump()

    run = bring_in(path)

    assert run.counts["same"] == 4
    assert not Change.objects.filter(run=run).exists()
    assert dump() == before


def test_rows_read_before_are_recognised_until_the_look_ups_change(care):
    odd = care_row(NUMBERS[0], capacity="0", latitude="0", longitude="0", address="架空市西浜1")
    path = care(odd, *NUMBERS[1:])
    bring_in(path)
    assert Service.objects.get(source_key=NUMBERS[0]).coordinates_from == "none"

    again = preview(path)
    assert (again.counts["same"], again.counts["repairs"]) == (4, 0)
    assert "4行は前に取り込んだ行と1字も違わない" in again.files.get().notes[-1]

    # A new town may place what could not be placed before.
    Town.objects.create(
        prefecture="架空県", municipality="架空市", name="西浜", latitude=35.7, longitude=141.2
    )
    again = preview(path)
    assert again.counts["changed"] == 1
    assert again.counts["repairs"] > 0


def test_t_a1c_vanished_is_possibly_ended_and_never_deleted(care):
    bring_in(care(*NUMBERS))
    run = bring_in(care(*NUMBERS[1:]))

    gone = Service.objects.get(source_key=NUMBERS[0])
    assert run.counts["vanished"] == 1
    assert gone.status == ListingStatus.POSSIBLY_ENDED
    assert gone.facility.status == ListingStatus.POSSIBLY_ENDED
    assert gone.vanished_on == Dataset.objects.get().as_of
    page = queries.changes_page(run, "vanished")
    assert [record.number for record in page.items] == [NUMBERS[0]]

    run = bring_in(care(*NUMBERS))

    gone.refresh_from_db()
    assert run.counts["returned"] == 1
    assert gone.status == ListingStatus.LISTED
    assert gone.vanished_on is None


def test_other_prefectures_of_the_register_do_not_vanish(care):
    bring_in(care(*NUMBERS))
    Service.objects.filter(source_key=NUMBERS[0]).update(prefecture_code="98")

    run = preview(care(*NUMBERS[1:]))

    assert run.counts["vanished"] == 0


def test_changes_are_shown_field_by_field(care):
    bring_in(care(*NUMBERS))
    changed = care_row(NUMBERS[0], phone="０９９９－００－１２９９", days="平日")
    moved = care_row(NUMBERS[1], address="架空県架空市松が丘7-7")

    run = preview(care(changed, moved, *NUMBERS[2:]))

    record = queries.changes_page(run, "changed").items[0]
    assert [(f.label, f.before, f.after, f.treatment) for f in record.fields] == [
        ("電話番号", "0999-00-1200", "0999-00-1299", "repaired"),
        ("利用できる曜日", "平日、土曜日", "平日", "take"),
    ]
    assert [r.number for r in queries.changes_page(run, "moved").items] == [NUMBERS[1]]
    summary = queries.run_summary(run)
    assert summary.reconciliation == "4行＝変更1＋移転1＋同じ2。"
    assert summary.counts["changed_fields"] == 3

    imports.apply_import(actor=KAWASE, run=run)

    assert Service.objects.get(source_key=NUMBERS[0]).phone == "0999-00-1299"
    assert Facility.objects.get(services__source_key=NUMBERS[1]).address.endswith("松が丘7-7")


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"fax": ""}, "FAX番号が消えた"),
        ({"phone": ""}, "電話番号が消えた"),
        ({"corporate_number": "7000012050003"}, "法人番号の検査数字が合わない"),
        (
            {"name": "ほかの事業所", "address": "架空県架空町大通り1"},
            "同じ番号で名称も住所も違う",
        ),
    ],
)
def test_suspicious_rows_wait_for_a_person(care, values, reason):
    bring_in(care(*NUMBERS))
    odd = care_row(NUMBERS[0], **values)
    before = dump()

    run = preview(care(odd, *NUMBERS[1:]))
    record = queries.changes_page(run, "suspicious").items[0]
    assert (record.reason, record.decision) == (reason, "")
    assert queries.run_summary(run).undecided_count == 1
    imports.apply_import(actor=KAWASE, run=run)
    assert dump() == before

    run = preview(care(odd, *NUMBERS[1:]))
    row = StagedRow.objects.get(verdict=Verdict.SUSPICIOUS)
    imports.decide_row(actor=KAWASE, row_id=row.pk, decision="take")
    imports.apply_import(actor=KAWASE, run=run)
    field, value = next(iter(values.items()))
    assert getattr(Service.objects.get(source_key=NUMBERS[0]), field) == value


def test_deciding_refuses_what_is_not_open(care):
    run = preview(care(*NUMBERS))
    row = StagedRow.objects.order_by("pk")[0]

    with pytest.raises(ValidationError, match="もう決められません"):
        imports.decide_row(actor=KAWASE, row_id=row.pk, decision="take")
    with pytest.raises(ValidationError, match="選んでください"):
        imports.decide_row(actor=KAWASE, row_id=row.pk, decision="perhaps")
    with pytest.raises(ValidationError, match="確かめること"):
        imports.confirm_question(actor=KAWASE, run=run, key="older:care:130")


def test_every_row_has_exactly_one_verdict(care):
    bring_in(care(*NUMBERS))
    rows = [
        *NUMBERS[:2],
        care_row(NUMBERS[0]),  # a second time
        care_row("9960190205"),  # new
        care_row("123", name="番号のない事業所"),
        care_row(NUMBERS[2], name=""),
        care_row("9960190302", code="993018", municipality="架空町", address="架空県架空町1"),
    ]

    run = preview(care(*rows), scope=["992011"])

    assert queries.run_summary(run).reconciliation == (
        "7行＝追加1＋同じ2＋重複行1＋範囲の外1＋読めない行2。"
        "消えた2件はファイルにないため、行数に入りません。"
    )
    problems = queries.run_summary(run).problems
    assert problems == [
        "jigyosho_130.csv 6行目「事業所番号」：事業所番号は10桁の英数字で入力してください。",
        "jigyosho_130.csv 7行目「事業所名」：事業所名を入力してください。",
    ]


def test_overrides_survive_and_show_the_official_value_beside_them(care):
    bring_in(care(*NUMBERS))
    service = Service.objects.get(source_key=NUMBERS[0])
    correct_field(
        actor=KAWASE, service=service, field="name", value="訪問看護ステーション 帆", reason="電話"
    )
    official = care_row(NUMBERS[0])["事業所名"]
    newer = care_row(NUMBERS[0], name=f"{official}（本店）", phone="0999-00-1299")

    run = preview(care(newer, *NUMBERS[1:]))
    fields = queries.changes_page(run, "changed").items[0].fields
    assert [(f.field, f.treatment) for f in fields] == [("name", "keep_local"), ("phone", "take")]
    assert run.counts["overridden"] == 1
    imports.apply_import(actor=KAWASE, run=run)

    service.refresh_from_db()
    override = Override.objects.get()
    assert (service.name, service.phone) == ("訪問看護ステーション 帆", "0999-00-1299")
    assert override.official_value == f"{official}（本店）"
    assert service.facility.name == "訪問看護ステーション 帆"

    withdraw_correction(actor=KAWASE, override=override)
    service.refresh_from_db()
    assert service.name == f"{official}（本店）"


def test_correction_alone_is_no_change_of_the_next_import(care):
    path = care(*NUMBERS)
    bring_in(path)
    service = Service.objects.get(source_key=NUMBERS[0])
    correct_field(actor=KAWASE, service=service, field="phone", value="0999-00-9999", reason="")
    correct_field(actor=KAWASE, service=service, field="latitude", value="35.8", reason="")

    run = bring_in(path)

    assert run.counts["same"] == 4
    service.refresh_from_db()
    assert (service.phone, service.coordinates_from) == ("0999-00-9999", "local")


def test_undo_restores_exactly(care):
    bring_in(care(*NUMBERS))
    service = Service.objects.get(source_key=NUMBERS[0])
    correct_field(actor=KAWASE, service=service, field="name", value="帆", reason="電話")
    confirm_facility(actor=KAWASE, facility=service.facility, method="電話")
    before = dump()
    newer = [
        care_row(NUMBERS[0], name="新しい名称", phone="0999-00-1299"),
        care_row(NUMBERS[1], address="架空県架空市松が丘7-7"),
        care_row("9960190302"),
    ]
    run = bring_in(care(*newer), as_of=date(2030, 1, 1))
    assert dump() != before
    assert queries.undoable_run() == run

    imports.undo_import(actor=KAWASE, run=run)

    assert dump() == before
    assert run.state == ImportState.UNDONE
    assert not UndoRow.objects.exists()
    assert queries.undoable_run() is None
    with pytest.raises(ValidationError, match="最後に取り込んだものだけ"):
        imports.undo_import(actor=KAWASE, run=run)


def test_undo_of_the_first_import_leaves_nothing(care):
    before = dump()
    run = bring_in(care(*NUMBERS))

    imports.undo_import(actor=KAWASE, run=run)

    assert dump() == before


def test_undo_keeps_corrections_made_since(care):
    bring_in(care(*NUMBERS))
    run = bring_in(care(care_row(NUMBERS[0], phone="0999-00-1299"), *NUMBERS[1:]))
    service = Service.objects.get(source_key=NUMBERS[0])
    correct_field(actor=KAWASE, service=service, field="phone", value="0999-00-5555", reason="")

    imports.undo_import(actor=KAWASE, run=run)

    service.refresh_from_db()
    assert service.phone == "0999-00-5555"
    assert Override.objects.get().official_value == "0999-00-1200"


def test_undo_refuses_to_lose_later_work(care):
    run = bring_in(care(*NUMBERS))
    service = Service.objects.order_by("pk")[0]
    correct_field(actor=KAWASE, service=service, field="phone", value="0999-00-5555", reason="")

    with pytest.raises(ValidationError, match="あとからの訂正・確認・依頼が1件"):
        imports.undo_import(actor=KAWASE, run=run)


def test_undo_waits_for_an_open_preview(care):
    path = care(*NUMBERS)
    run = bring_in(path)
    open_run = preview(path)

    with pytest.raises(ValidationError, match="ほかの取り込みが開いています"):
        imports.undo_import(actor=KAWASE, run=run)
    imports.discard_import(actor=KAWASE, run=open_run)
    imports.undo_import(actor=KAWASE, run=run)

    assert Service.objects.count() == 0


def test_large_loss_is_asked_about(care):
    numbers = [f"99601{n:04}3" for n in range(60)]
    bring_in(care(*numbers))
    run = preview(care(*numbers[:30]))

    assert [question["key"] for question in run.questions] == ["loss:care:130"]
    assert "60件のうち30件" in run.questions[0]["text"]
    with pytest.raises(ValidationError, match="確かめること"):
        imports.apply_import(actor=KAWASE, run=run)
    imports.confirm_question(actor=KAWASE, run=run, key="loss:care:130")
    imports.apply_import(actor=KAWASE, run=run)

    assert Service.objects.filter(status=ListingStatus.POSSIBLY_ENDED).count() == 30


def test_older_snapshot_is_asked_about(care):
    bring_in(care(*NUMBERS, name="jigyosho_130_all_20251231120000.csv"))
    run = preview(care(*NUMBERS, name="jigyosho_130_all_20250630120000.csv"))

    assert run.questions[0]["key"] == "older:care:130"
    assert run.questions[0]["text"].startswith("「訪問看護」は")


def test_older_snapshot_of_another_prefecture_is_no_question(care):
    bring_in(care(*NUMBERS, name="jigyosho_130_all_20251231120000.csv"))
    Dataset.objects.update(prefecture_code="98")

    run = preview(care(*NUMBERS, name="jigyosho_130_all_20250630120000.csv"))

    assert run.questions == []


def test_new_snapshot_with_the_same_values_moves_the_date_alone(care):
    bring_in(care(*NUMBERS, name="jigyosho_130_all_20250630120000.csv"))
    before = dump()["facilities_service"]

    bring_in(care(*NUMBERS, name="jigyosho_130_all_20251231120000.csv"))

    assert dump()["facilities_service"] == before
    assert {f.fresh_on for f in Facility.objects.all()} == {date(2025, 12, 31)}
    assert {e.fresh_on for e in SearchEntry.objects.all()} == {date(2025, 12, 31)}


def test_mixed_snapshots_are_refused(care):
    paths = [
        care(*NUMBERS, name="jigyosho_130_all_20250630120000.csv"),
        care(*NUMBERS, name="jigyosho_130_all_20251231120000.csv"),
    ]
    run = preview(*paths)

    assert run.state == ImportState.FAILED
    assert "基準日の違うファイル" in run.error
    assert not StagedRow.objects.exists()


def test_second_person_waits_and_own_preview_gives_way(care):
    path = care(*NUMBERS)
    first = preview(path)

    with pytest.raises(ValidationError, match="ほかの人が取り込みを確かめています"):
        preview(path, actor=Actor(ActorKind.USER, 8))
    second = preview(path)

    first.refresh_from_db()
    assert (first.state, second.state) == (ImportState.DISCARDED, ImportState.PREVIEW)
    assert queries.open_run() == second
    assert [run.pk for run in queries.runs()] == [second.pk, first.pk]


def test_discarded_and_applied_runs_cannot_be_applied(care):
    run = preview(care(*NUMBERS))
    imports.discard_import(actor=KAWASE, run=run)

    with pytest.raises(ValidationError, match="もう確認待ちではありません"):
        imports.apply_import(actor=KAWASE, run=run)
    applied = bring_in(care(*NUMBERS))
    with pytest.raises(ValidationError, match="元に戻す"):
        imports.discard_import(actor=KAWASE, run=applied)


def test_scope_must_be_codes(care):
    with pytest.raises(ValidationError, match="範囲「久留米」"):
        preview(care(*NUMBERS), scope=["久留米"])


def test_scope_limits_what_can_vanish(care):
    town = care_row("9960190302", code="993018", municipality="架空町", address="架空県架空町1")
    bring_in(care(*NUMBERS, town))

    run = preview(care(town), scope=["993018"])

    assert run.counts == {"rows": 1, "repairs": 0, "same": 1, "vanished": 0} | run.counts
    assert run.counts["vanished"] == 0


def test_failed_apply_leaves_the_preview(care, monkeypatch):
    run = preview(care(*NUMBERS))

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(applying, "apply_run", broken)
    with pytest.raises(RuntimeError):
        imports.apply_import(actor=KAWASE, run=run)

    run.refresh_from_db()
    assert run.state == ImportState.PREVIEW
    assert Service.objects.count() == 0


def test_worker_tasks_read_and_apply(care, monkeypatch):
    from renkei.registry.facilities import tasks

    deferred = []
    monkeypatch.setattr(tasks.read_import_task, "defer", lambda **kw: deferred.append(kw))
    monkeypatch.setattr(tasks.apply_import_task, "defer", lambda **kw: deferred.append(kw))
    run = imports.start_import(actor=KAWASE, paths=[care(*NUMBERS)], names=["介護.csv"])
    tasks.read_import_task(**deferred.pop())
    run.refresh_from_db()
    assert (run.state, run.paths[0]["name"]) == (ImportState.PREVIEW, "介護.csv")
    imports.start_apply(actor=KAWASE, run=run)
    tasks.apply_import_task(**deferred.pop())

    assert ImportRun.objects.get().state == ImportState.APPLIED


def test_t_a1b_every_repaired_cell_is_listed(care):
    odd = care_row(
        NUMBERS[0],
        name="架 空 看 護",
        kana="かくう介護",
        address="北浜6-8北浜ビル1階",
        building="北浜ビル1階",
        latitude="0",
        longitude="0",
        phone="０９９９－００－１４２２",
        url="info@minamo.example",
        capacity="0",
        days="平日 (土曜は月1回)",
        days_note="点滴（改行）褥瘡",
        remarks="24時間訪問看護|特別管理加算",
        code="",
    )
    run = preview(care(odd))

    found = {(r.column, r.reason) for r in Repair.objects.all()}
    assert found == {
        ("事業所名", "spaced_name"),
        ("事業所番号", "check_digit"),
        ("事業所名カナ", "kana_with_kanji"),
        ("住所", "building_doubled"),
        ("住所", "no_municipality"),
        ("緯度・経度", "coordinates_missing"),
        ("電話番号", "width"),
        ("URL", "mail_in_url"),
        ("定員", "capacity_zero"),
        ("利用可能曜日", "days_note_in_days"),
        ("利用可能曜日特記事項", "line_break"),
        ("備考", "separator"),
        ("都道府県コード又は市町村コード", "code_missing"),
    }
    assert sum(cells for _, _, cells in queries.repair_reasons(run)) == len(found)
    page = queries.repairs_page(run, "capacity_zero")
    assert [(r.row_number, r.before, r.after) for r in page.items] == [(2, "0", "")]
    assert page.items[0].reason_label == "定員0は「記録なし」"
    assert (page.page_count, queries.repairs_page(run).total) == (1, len(found))
    imports.apply_import(actor=KAWASE, run=run)
    service = Service.objects.get()
    assert service.address == "架空県架空市北浜6-8"
    assert (service.latitude, service.longitude) == (35.712, 141.22)
    assert service.coordinates_from == "town"
    assert service.facility.coordinates_from == "town"
    assert (service.email, service.url) == ("info@minamo.example", "")
    assert (service.days, service.days_note) == ("平日", "点滴／褥瘡／土曜は月1回")
    assert service.capabilities == ["round_the_clock"]


def test_coordinates_in_another_municipality_are_replaced_by_the_town(care):
    run = bring_in(care(care_row(NUMBERS[0], latitude="34.0", longitude="135.0")))

    service = Service.objects.get()
    assert (service.latitude, service.coordinates_from) == (35.712, "town")
    assert queries.repair_reasons(run)[0][0] in {"coordinates_elsewhere", "check_digit"}


def test_file_that_leaves_a_whole_column_empty_takes_nothing_away(care):
    numbers = [f"99601{n:04}3" for n in range(25)]
    bring_in(care(*numbers))

    run = bring_in(care(*(care_row(number, fax="", corporate_number="") for number in numbers)))

    assert run.counts["same"] == 25
    assert Service.objects.filter(fax="0999-00-1201").count() == 25


def test_added_records_are_shown_with_all_their_values(care):
    run = preview(care(*NUMBERS))

    page = queries.changes_page(run, "added", number=2, size=3)
    assert (page.total, page.page_count, len(page.items)) == (4, 2, 1)
    fields = {f.label: f.after for f in page.items[0].fields}
    assert fields["電話番号"] == "0999-00-1200"
    assert fields["位置の出どころ"] == "公表データ"

"""Open data for everybody: what was published, its licence, its history, a catalogue (T-X4)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from renkei.foundation.common.media_types import XLSX
from renkei.gateways.portal.queries import current_site
from renkei.registry.facilities.models import OpenDataRelease
from renkei.registry.facilities.open_data.dcat import (
    LICENCE_URL,
    Distribution,
    Entry,
    catalogue,
)
from renkei.registry.facilities.open_data.files import LICENCE, csv_of
from renkei.registry.facilities.open_data.layouts import TITLES, Dataset, header
from renkei.registry.facilities.queries_open_data import (
    current_releases,
    release,
    release_rows,
    releases,
)

CSV = "text/csv; charset=utf-8"
HISTORY = 50
SHOWN_LOSSES = 200


@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """What can be downloaded, and what was published before."""
    current = current_releases()
    context = {
        "tables": [_shown(one) for one in current],
        "history": [_shown(one) for one in releases()[:HISTORY]],
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
    }
    return render(request, "portal/opendata.html", context)


@require_safe
def open_data_catalogue(request: HttpRequest) -> JsonResponse:
    """The catalogue for machines: DCAT as JSON-LD."""
    body = catalogue(
        publisher=current_site().region_name,
        site_url=request.build_absolute_uri("/"),
        entries=[_entry(request, one) for one in current_releases()],
    )
    return JsonResponse(
        body, json_dumps_params={"ensure_ascii": False}, content_type="application/ld+json"
    )


@require_safe
def open_data_file(request: HttpRequest, uid: UUID, ending: str) -> FileResponse:  # noqa: ARG001 - a view
    """One published file, as it was."""
    found = _release(uid)
    if ending not in {"csv", "xlsx"}:
        raise Http404
    file = found.csv if ending == "csv" else found.xlsx
    try:
        content = file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(
        content,
        as_attachment=True,
        filename=_name(found, ending),
        content_type=CSV if ending == "csv" else XLSX,
    )


@require_safe
def open_data_cp932(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What a CP932 file would lose, before anybody takes it."""
    found = _release(uid)
    _, report = csv_of(Dataset(found.dataset), _rows(found), encoding="cp932")
    context = {
        "table": _shown(found),
        "losses": report.lines()[:SHOWN_LOSSES],
        "count": report.count,
    }
    return render(request, "portal/opendata_cp932.html", context)


@require_safe
def open_data_cp932_file(request: HttpRequest, uid: UUID) -> HttpResponse:  # noqa: ARG001 - a view
    """The published rows for programs that read nothing but CP932."""
    found = _release(uid)
    content, _ = csv_of(Dataset(found.dataset), _rows(found), encoding="cp932")
    name = f"{found.dataset}-{found.area.code or found.area_id}-cp932.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="text/csv; charset=shift_jis", headers=headers)


def _release(uid: UUID) -> OpenDataRelease:
    found = release(uid)
    if found is None or found.dataset not in set(Dataset):
        raise Http404
    return found


def _rows(found: OpenDataRelease) -> Sequence[Sequence[str]]:
    rows = release_rows(found)
    if not rows or len(rows[0]) != len(header(Dataset(found.dataset))):
        raise Http404
    return rows


def _name(found: OpenDataRelease, ending: str) -> str:
    return f"{found.dataset}-{found.area.code or found.area_id}-{found.as_of:%Y%m%d}.{ending}"


def _shown(found: OpenDataRelease) -> dict[str, object]:
    return {"title": TITLES[Dataset(found.dataset)], "release": found}


def _entry(request: HttpRequest, found: OpenDataRelease) -> Entry:
    title = f"{TITLES[Dataset(found.dataset)]}（{found.area.name}）"

    def file(ending: str, media_type: str, size: int) -> Distribution:
        path = reverse("portal:open_data_file", args=[found.uid, ending])
        return Distribution(title, request.build_absolute_uri(path), media_type, size)

    return Entry(
        title=title,
        description=f"{found.row_count:,}行。自治体標準オープンデータセットの形。",
        identifier=f"urn:uuid:{found.uid}",
        issued_at=found.released_at,
        as_of=found.as_of,
        attributions=found.attributions,
        files=[file("csv", "text/csv", found.csv_size), file("xlsx", XLSX, found.xlsx_size)],
    )

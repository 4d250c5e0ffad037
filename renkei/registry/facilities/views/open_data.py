"""Publishing open data: what would be published, what is wrong, what is new, 「公開する」."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.queries import names_of
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.areas.models import Area
from renkei.registry.facilities.forms_open_data import AreaForm
from renkei.registry.facilities.open_data.layouts import TITLES, Dataset, header
from renkei.registry.facilities.queries_booklets import home_prefecture, printable_areas
from renkei.registry.facilities.queries_open_data import draft_of, publishable_area, releases
from renkei.registry.facilities.queries_scope import own_municipality
from renkei.registry.facilities.rules import may_publish
from renkei.registry.facilities.services.open_data import fingerprint, publish

SHOWN_PROBLEMS = 200
SHOWN_CHANGES = 100
SHOWN_ROWS = 20
HISTORY = 30


@staff_page(may_publish)
@require_safe
def open_data_list(request: ViewerRequest) -> HttpResponse:
    """Which table of which area, and what was published before."""
    own = own_municipality(request.viewer)
    areas = printable_areas(own.prefecture_code if own else home_prefecture())
    form = AreaForm(request.GET or None, areas=areas, initial={"area": own.pk if own else ""})
    if form.is_valid():
        area, dataset = form.cleaned_data["area"], form.cleaned_data["dataset"]
        return redirect("facilities:open_data_draft", area.pk, dataset)
    history = releases()[:HISTORY]
    context = {
        "form": form,
        "history": history,
        "titles": TITLES,
        "people": names_of({one.released_by_id for one in history}),
    }
    status = 422 if form.is_bound else 200
    return render(request, "facilities/open_data_list.html", context, status=status)


@staff_page(may_publish)
@require_safe
def open_data_draft(request: ViewerRequest, area_id: int, dataset: str) -> HttpResponse:
    """The table as it would be published now."""
    area, kind = _chosen(area_id, dataset)
    draft = draft_of(kind, area)
    counts = draft.difference.counts
    kinds = Counter((one.blocks, one.column, one.message) for one in draft.problems)
    rarest_first = sorted(
        draft.problems,
        key=lambda one: (not one.blocks, kinds[one.blocks, one.column, one.message], one.row),
    )
    context = {
        "draft": draft,
        "title": TITLES[kind],
        "header": header(kind),
        "sample": draft.rows[:SHOWN_ROWS],
        "kinds": [(column, text, n) for (_, column, text), n in kinds.most_common()],
        "problems": rarest_first[:SHOWN_PROBLEMS],
        "added": draft.difference.added[:SHOWN_CHANGES],
        "removed": draft.difference.removed[:SHOWN_CHANGES],
        "changed": draft.difference.changed[:SHOWN_CHANGES],
        "ledger": [
            {"count": f"{len(draft.rows):,}", "word": "公開する行"},
            {"count": f"{counts['added']:,}", "word": "増える"},
            {"count": f"{counts['removed']:,}", "word": "減る"},
            {"count": f"{counts['changed']:,}", "word": "変わる"},
            {"count": f"{len(draft.blocking):,}", "word": "直してください"},
            {"count": f"{len(draft.problems) - len(draft.blocking):,}", "word": "確かめてください"},
        ],
        "seen": fingerprint(draft),
    }
    return render(request, "facilities/open_data_draft.html", context)


@staff_page(may_publish)
@require_POST
def open_data_publish(request: ViewerRequest, area_id: int, dataset: str) -> HttpResponse:
    area, kind = _chosen(area_id, dataset)
    try:
        publish(
            actor=request.viewer.actor, dataset=kind, area=area, seen=request.POST.get("seen", "")
        )
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
        return redirect("facilities:open_data_draft", area.pk, kind)
    messages.success(request, "公開しました。だれがいつ公開したかを残しました。")
    return redirect("facilities:open_data_list")


def _chosen(area_id: int, dataset: str) -> tuple[Area, Dataset]:
    area = publishable_area(area_id)
    if area is None or dataset not in set(Dataset):
        raise Http404
    return area, Dataset(dataset)

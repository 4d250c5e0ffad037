"""The style guide: every component with its parameters."""

from __future__ import annotations

from pathlib import Path

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renkei.foundation.common.icons import ICONS
from renkei.foundation.common.templatetags.components import PIN_SHAPES

COMPONENTS = Path(__file__).resolve().parent / "templates" / "components"


class ExampleForm(forms.Form):
    """One field of each kind, sent empty, so that the guide shows their errors too."""

    name = forms.CharField(label="氏名", help_text="姓と名の間に空白を入れてください。")
    note = forms.CharField(label="連絡事項", required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(
        label="種類",
        choices=[("nursing", "訪問看護"), ("clinic", "診療所")],
        widget=forms.RadioSelect,
    )
    days = forms.MultipleChoiceField(
        label="曜日",
        required=False,
        choices=[("1", "月"), ("2", "火"), ("3", "水")],
        widget=forms.CheckboxSelectMultiple,
    )
    area = forms.ChoiceField(label="地区", choices=[("", "選んでください"), ("a", "北浜")])
    agreed = forms.BooleanField(label="確かめました")


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Open in the demo; in production it is not there for residents."""
    if not (settings.DEMO or (getattr(request, "viewer", None) and request.viewer.user_id)):  # type: ignore[attr-defined]
        raise Http404
    bound = ExampleForm({"name": "", "kind": "x", "area": "", "days": ["9"]})
    context = {
        "form": bound,
        "fresh_form": ExampleForm(auto_id="fresh_%s"),
        "icons": sorted(ICONS),
        "shapes": zip(PIN_SHAPES, ("看", "医", "ケ", "通", "薬"), strict=True),
        "page": Paginator(range(45), 20).page(2),
        "ledger": [
            {"count": "14", "word": "追加", "note": "新しく載った"},
            {"count": "4", "word": "疑わしい", "note": "要確認", "icon": "warning"},
        ],
        "tabs": [
            {"url": "#tabs", "label": "追加", "count": 14, "current": False},
            {"url": "#tabs", "label": "変更", "count": 63, "current": True},
        ],
        "chips": [{"label": "看護師に来てほしい", "url": "#chips"}],
        "trail": [("資源の台帳", "#"), ("データの取り込み", "#")],
        "parameters": {path.stem: _parameters(path) for path in sorted(COMPONENTS.glob("*.html"))},
    }
    return render(request, "common/styleguide.html", context)


def _parameters(path: Path) -> str:
    """The comment on top of a component's file."""
    return path.read_text().split("{% comment %}", 1)[1].split("{% endcomment %}", 1)[0].strip()

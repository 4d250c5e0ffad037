"""What is filled in about confirmations, and an area's conditions."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from renkei.care.transitions.forms import storable
from renkei.care.transitions.models import Channel, WishFactKind
from renkei.care.transitions.wish_conditions import KINDS, MOST_ITEMS, MOST_MONTHS, Conditions, Item
from renkei.foundation.accounts.forms.fields import DayField, LineField, ServiceForm
from renkei.foundation.common import clock
from renkei.foundation.common.phones import require_phone

WHO: Final = {
    WishFactKind.CONFIRMED: "確認した人（職種と氏名）",
    WishFactKind.TOLD: "伝えた相手",
    WishFactKind.PLACED: "置いた場所",
    WishFactKind.WITHDRAWN: "だれから聞いたか",
}


class WishFactForm(ServiceForm):
    """One confirmation, telling or paper; ``kind`` decides what is asked."""

    happened_on = DayField(label="確認した日")
    person_name = LineField(label="確認した人", max_length=120)
    phone = LineField(
        label="24時間つながる電話番号",
        max_length=40,
        required=False,
        help_text="救急の画面と紙に出します。",
    )
    channel = forms.ChoiceField(
        label="連絡手段", choices=[("", "選ばない"), *Channel.choices], required=False
    )
    note = LineField(label="確認の内容", max_length=500, required=False)

    def __init__(self, data: Any, *, kind: WishFactKind) -> None:
        super().__init__(data, initial={"happened_on": clock.today()})
        self.fields["person_name"].label = WHO[kind]
        if kind != WishFactKind.CONFIRMED:
            del self.fields["phone"]
        if kind != WishFactKind.TOLD:
            del self.fields["channel"]

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        return require_phone(phone) if phone else ""


class ConditionsForm(ServiceForm):
    """An area's conditions: a head and as many items as are filled in."""

    title = LineField(label="取り決めの名称", max_length=120)
    crew_text = forms.CharField(
        label="救急隊の動き（救急の画面に出す文）",
        max_length=400,
        required=False,
        validators=[storable],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="地域で決めた手順を、そのまま書きます。個人への指示は書けません。",
    )
    source = LineField(
        label="根拠", max_length=200, required=False, help_text="だれが、いつ決めたか。"
    )
    reason = LineField(label="改訂の理由", max_length=300, required=False)

    def __init__(self, data: Any, *, conditions: Conditions) -> None:
        initial = {
            "title": conditions.title,
            "crew_text": conditions.crew_text,
            "source": conditions.source,
        }
        super().__init__(data, initial=initial)
        self._codes = [item.code for item in conditions.items]
        for place in range(min(len(conditions.items) + 3, MOST_ITEMS)):
            here = place < len(conditions.items)
            self._add(place, conditions.items[place] if here else None)

    def _add(self, place: int, item: Item | None) -> None:
        number = place + 1
        self.fields[f"label_{place}"] = LineField(
            label=f"項目{number}",
            max_length=120,
            required=False,
            initial=item.label if item else "",
        )
        self.fields[f"kind_{place}"] = forms.ChoiceField(
            label=f"項目{number}の種類",
            choices=[(kind.value, kind.label) for kind in KINDS],
            initial=item.kind if item else WishFactKind.CONFIRMED,
        )
        self.fields[f"by_{place}"] = LineField(
            label=f"項目{number}をだれが", max_length=80, required=False,
            initial=item.by if item else "",
        )  # fmt: skip
        self.fields[f"months_{place}"] = forms.IntegerField(
            label=f"項目{number}の有効な月数", required=False, min_value=1, max_value=MOST_MONTHS,
            initial=item.months if item else None, help_text="空けておくと期限なし。",
        )  # fmt: skip
        self.fields[f"required_{place}"] = forms.BooleanField(
            label=f"項目{number}は必ず", required=False, initial=item.required if item else True
        )

    def content(self) -> dict[str, Any]:
        """As the services want it; items keep their codes, new ones get one."""
        data = self.cleaned_data
        taken = set(self._codes)
        items = []
        for place in range(MOST_ITEMS):
            label = data.get(f"label_{place}")
            if not label:
                continue
            code = self._codes[place] if place < len(self._codes) else ""
            if not code:
                code = next(f"item_{n}" for n in range(1, 99) if f"item_{n}" not in taken)
                taken.add(code)
            items.append(
                {
                    "code": code,
                    "kind": data[f"kind_{place}"],
                    "label": label,
                    "by": data[f"by_{place}"],
                    "months": data[f"months_{place}"],
                    "required": data[f"required_{place}"],
                }
            )
        head = {name: data[name] for name in ("title", "crew_text", "source")}
        return head | {"items": items}


class PublishForm(ServiceForm):
    """From which day on an edition holds."""

    first_day = DayField(label="適用期間の始まり")

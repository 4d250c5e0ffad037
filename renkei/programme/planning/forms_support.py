"""Forms of the support desk."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from renkei.foundation.areas.models import Area
from renkei.foundation.common import clock
from renkei.foundation.papers.files import read_upload
from renkei.programme.planning.forms import ServiceForm, day_field, line_field, text_field
from renkei.programme.planning.frames import Item, Scene
from renkei.programme.planning.models import GoodCase, SharedMaterial, SupportItem, SupportKind

NOBODY: Final = "人の名前や、人がわかることは書かないでください。"


def _item() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="支援の項目", choices=SupportItem.choices, widget=forms.RadioSelect
    )


class RequestForm(ServiceForm):
    """A municipality asks."""

    item = _item()
    title = line_field("支援の依頼", 200, required=True, help_text=NOBODY)
    text = text_field("依頼の内容", limit=4000)
    wanted_by = day_field("いつまでに", required=False)


class EntryForm(ServiceForm):
    """What was done."""

    kind = forms.ChoiceField(
        label="支援のしかた", choices=SupportKind.choices, widget=forms.RadioSelect
    )
    done_on = day_field("支援した日")
    text = text_field("支援の内容", limit=4000, required=True, help_text=NOBODY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["done_on"].initial = clock.today()


class LogForm(EntryForm):
    """What was done without a request, for one or several municipalities."""

    areas = forms.ModelMultipleChoiceField(
        Area.objects.none(), label="市町村", widget=forms.CheckboxSelectMultiple
    )
    item = _item()

    def __init__(self, *args: Any, towns: list[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["areas"]
        field.queryset = Area.objects.filter(pk__in=[one.pk for one in towns]).order_by("code")
        self.order_fields(["areas", "item"])

    def entry(self) -> dict[str, Any]:
        """As the service takes it."""
        values = dict(self.cleaned_data)
        return {"areas": list(values.pop("areas")), "fields": values}


class CloseForm(ServiceForm):
    result = line_field("依頼の結果", 500, required=True, help_text=NOBODY)


class MaterialForm(ServiceForm):
    """A material with its file."""

    item = _item()
    title = line_field("資料の名前", 200, required=True)
    text = text_field("資料の説明", limit=2000)
    as_of = day_field("いつ現在の資料か", required=False)
    file = forms.FileField(
        label="ファイル", required=False, help_text="直すときに選ぶと、次の版になります。"
    )

    def material(self) -> dict[str, Any]:
        """As the service takes it.

        Raises:
            ValidationError: the file is too large.
        """
        values = dict(self.cleaned_data)
        content, name = upload_of(values.pop("file"))
        return {"fields": values, "content": content, "name": name}


def upload_of(upload: Any, field: str = "file") -> tuple[bytes | None, str]:
    """The bytes and the name of an upload; None where there is none.

    Raises:
        ValidationError: too large, at its field.
    """
    if not upload:
        return None, ""
    try:
        return read_upload(upload), upload.name or ""
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from error


def material_initial(material: SharedMaterial) -> dict[str, Any]:
    """The form as the material is."""
    return {name: getattr(material, name) for name in ("item", "title", "text", "as_of")}


class CaseForm(ServiceForm):
    """好事例."""

    title = line_field("好事例", 200, required=True, help_text=NOBODY)
    before = text_field("きっかけ・困っていたこと", limit=2000, required=True)
    text = text_field("行ったこと", limit=4000, required=True)
    effect = text_field("効果・残った課題", limit=2000)
    items = forms.MultipleChoiceField(
        label="項目", choices=Item.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    scenes = forms.MultipleChoiceField(
        label="場面", choices=Scene.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    contact = line_field("問い合わせ先（課・電話）", 200)


def case_initial(case: GoodCase) -> dict[str, Any]:
    """The form as the case is."""
    return {name: getattr(case, name) for name in CaseForm.base_fields}

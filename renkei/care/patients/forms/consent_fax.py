"""Which papers of a consent leave by FAX, and to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from renkei.care.patients.models import ConsentPaper, PaperKind, Relative
from renkei.care.patients.services.consent_fax import NOTHING, ConsentLetter, ConsentPapers
from renkei.foundation.accounts.forms.fields import LineField, ServiceForm
from renkei.foundation.common.clock import TOKYO
from renkei.foundation.common.eras import format_long
from renkei.foundation.common.phones import require_phone
from renkei.foundation.common.text import require_storable
from renkei.foundation.papers.fax import FaxRecipient

NOBODY = "送り先を選ぶか、名称とFAX番号を入力してください。"


class ConsentFaxForm(ServiceForm):
    """Papers, known recipients, one more that is typed, and what the cover adds."""

    form = forms.ChoiceField(
        label="署名してもらう用紙",
        choices=[("", "なし"), *((kind.value, str(kind.label)) for kind in PaperKind)],
        required=False,
        widget=forms.RadioSelect,
        help_text="QRコードが付き、署名して戻ってきた紙がこの人のものと分かります。",
    )
    explanation = forms.BooleanField(label="説明書を付ける", required=False)
    record = forms.BooleanField(label="同意の記録の写しを付ける", required=False)
    scans = forms.MultipleChoiceField(
        label="署名のある紙の写し", required=False, widget=forms.CheckboxSelectMultiple
    )
    recipients = forms.MultipleChoiceField(
        label="送り先（この人の医療機関・事業所とチーム）",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    organisation = LineField(label="ほかの送り先の名称", max_length=100, required=False)
    recipient = LineField(label="その人・部署", max_length=100, required=False)
    fax = LineField(label="そのFAX番号", max_length=40, required=False)
    own_fax = LineField(
        label="自分の事業所のFAX番号",
        max_length=40,
        required=False,
        help_text="署名した紙を返してもらう番号です。",
    )
    notes = forms.CharField(
        label="送付状に書くこと",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="療養者や家族の氏名は書かないでください。氏名は2枚目から出ます。",
    )

    def __init__(
        self,
        *args: Any,
        known: Mapping[str, FaxRecipient],
        scans: Sequence[ConsentPaper],
        has_record: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known, self.papers = known, {str(paper.uid): paper for paper in scans}
        self._offer("recipients", [(key, _words(one)) for key, one in known.items()])
        self._offer("scans", [(key, _paper_words(one)) for key, one in self.papers.items()])
        if not has_record:
            del self.fields["record"]

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = choices
        if not choices:
            del self.fields[name]

    def clean_notes(self) -> str:
        return require_storable(self.cleaned_data["notes"], multiline=True)

    def clean_fax(self) -> str:
        """A number that can be dialled: a wrong digit sends a person's paper to a stranger."""
        text = self.cleaned_data["fax"]
        return require_phone(text) if text else ""

    def clean_own_fax(self) -> str:
        text = self.cleaned_data["own_fax"]
        return require_phone(text) if text else ""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not any(data.get(name) for name in ("form", "explanation", "record", "scans")):
            raise ValidationError(NOTHING)
        typed = [bool(data.get(name)) for name in ("organisation", "fax")]
        if any(typed) and not all(typed) and not {"organisation", "fax"} & set(self.errors):
            missing = "fax" if typed[0] else "organisation"
            self.add_error(missing, f"{self.fields[missing].label}を入力してください。")
        elif not any(typed) and not data.get("recipients") and "fax" not in self.errors:
            raise ValidationError(NOBODY)
        return data

    def chosen(self, relative: Relative | None) -> ConsentPapers:
        """The valid papers."""
        data = self.cleaned_data
        return ConsentPapers(
            form=PaperKind(data["form"]) if data["form"] else None,
            explanation=data["explanation"],
            record=data.get("record", False),
            scans=[self.papers[key] for key in data.get("scans", ())],
            relative=relative,
        )

    def letter(self) -> ConsentLetter:
        """The valid recipients and words."""
        data = self.cleaned_data
        recipients = [self.known[key] for key in data.get("recipients", ())]
        if data["fax"]:
            recipients.append(FaxRecipient(data["recipient"], data["organisation"], data["fax"]))
        return ConsentLetter(tuple(recipients), data["own_fax"], data["notes"])


def _words(one: FaxRecipient) -> str:
    who = f"　{one.name}" if one.name else ""
    return f"{one.organisation}{who}　FAX {one.fax}"


def _paper_words(paper: ConsentPaper) -> str:
    day = format_long(paper.received_at.astimezone(TOKYO).date())
    return f"{paper.get_kind_display()}　{day}に届いたもの"

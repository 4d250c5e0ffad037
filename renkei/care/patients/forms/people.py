"""A person's record: opening it, and correcting each of its parts."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField

from renkei.care.patients.forms.fields import (
    CheckedField,
    EraDay,
    EraDayField,
    KanaField,
    choice,
    line,
    phone_field,
    postcode_field,
    read_insured_number,
    read_insurer_number,
)
from renkei.care.patients.models import (
    CareLevel,
    CertificationState,
    DementiaIndependence,
    DisabilityIndependence,
    HistoryFrom,
    Household,
    NetworkKind,
    Patient,
    PersonKind,
    ProviderRole,
    Sex,
)
from renkei.care.patients.services.people import closed_period
from renkei.foundation.accounts.forms.fields import ServiceForm
from renkei.foundation.common.postcodes import format_postcode

UNCERTAIN = "選ばない（分からない）"
Sections = tuple[tuple[str, tuple[str, ...]], ...]


class SectionedForm(ServiceForm):
    """A form in sections, each under a heading of its own."""

    sections: ClassVar[Sections] = ()

    def grouped(self) -> list[tuple[str, list[BoundField]]]:
        """The fields under their headings, in order."""
        return [
            (title, [self[name] for name in names if name in self.fields])
            for title, names in self.sections
        ]


class PersonForm(SectionedForm):
    """Who the person is. 要介護度 is never demanded."""

    sections: ClassVar[Sections] = (
        ("名前", ("name", "kana", "sex", "kind")),
        ("生まれた日", ("birth", "birth_unknown")),
        ("住まいと連絡先", ("postcode", "address", "building", "phone", "household")),
        ("介護保険", ("insurer_number", "insured_number")),
    )
    name = line("氏名", 100, help_text="戸籍や保険証のとおり。名字と名前の間を空けます。")
    kana = KanaField(
        label="フリガナ",
        max_length=100,
        required=False,
        help_text="ひらがなで入力してもカタカナにします。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    sex = choice("性別", Sex.choices, initial=Sex.UNKNOWN)
    kind = choice("区分", PersonKind.choices, initial=PersonKind.OLDER)
    birth = EraDayField(
        label="生年月日",
        required=False,
        start="昭和",
        past=True,
        help_text="保険証のとおりの年号で入力できます。",
    )
    birth_unknown = forms.BooleanField(label="生年月日が分からない", required=False)
    postcode = postcode_field()
    address = line(
        "住所", 300, required=False, help_text="市区町村から番地まで。建物の名前と部屋は下の欄へ。"
    )
    building = line("方書", 200, required=False, help_text="建物の名前と部屋、○○様方など。")
    phone = phone_field("電話番号")
    household = choice("世帯", Household.choices, empty=UNCERTAIN)
    insurer_number = CheckedField(
        read=read_insurer_number,
        label="介護保険者番号",
        max_length=20,
        required=False,
        help_text="介護保険被保険者証の6桁の番号。",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    insured_number = CheckedField(
        read=read_insured_number,
        label="被保険者番号",
        max_length=20,
        required=False,
        help_text="10桁の数字、またはHと9桁の数字。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        """A birthday, or the word that nobody knows it."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "birth" in self.errors:
            return data
        if data.get("birth") and data.get("birth_unknown"):
            self.add_error(
                "birth_unknown", "生年月日を入力したときは「分からない」の印を外してください。"
            )
        elif not data.get("birth") and not data.get("birth_unknown"):
            self.add_error(
                "birth", "生年月日を入力するか、「生年月日が分からない」に印を付けてください。"
            )
        return data

    def values(self) -> dict[str, Any]:
        """The fields of the record."""
        names = [
            "name",
            "kana",
            "sex",
            "kind",
            "postcode",
            "address",
            "building",
            "phone",
            "household",
            "insurer_number",
            "insured_number",
        ]
        birth: EraDay | None = self.cleaned_data["birth"]
        return {name: self.cleaned_data[name] for name in names} | {
            "birth_on": birth.day if birth else None,
            "birth_written": birth.written if birth else "",
        }


def person_initial(patient: Patient) -> dict[str, Any]:
    """The record as the form shows it."""
    names = "name kana sex kind address building phone household insurer_number insured_number"
    return {name: getattr(patient, name) for name in names.split()} | {
        "postcode": format_postcode(patient.postcode),
        "birth": patient.birth_on,
        "birth_unknown": patient.birth_on is None,
    }


class CertificationFields(ServiceForm):
    """認定: its fields, in a form of their own and in the form that opens a record."""

    state = choice("認定状況", CertificationState.choices, empty="選ばない")
    level = choice("要介護度", CareLevel.choices, empty="選ばない")
    valid_from = EraDayField(label="有効期間の始まり", required=False, start="令和")
    valid_until = EraDayField(label="有効期間の終わり", required=False, start="令和")
    applied = EraDayField(label="申請日", required=False, start="令和")
    certified = EraDayField(label="認定日", required=False, start="令和")

    def certification(self) -> dict[str, Any] | None:
        """What the service takes; None where nothing was entered."""
        data = self.cleaned_data
        days = {
            name: data[name].day if data[name] else None
            for name in ("valid_from", "valid_until", "applied", "certified")
        }
        if not data["state"]:
            return None
        return {
            "state": data["state"],
            "level": data["level"],
            "period": closed_period(days["valid_from"], days["valid_until"]),
            "applied_on": days["applied"],
            "certified_on": days["certified"],
        }

    def clean(self) -> dict[str, Any]:
        """A certification has a level and a period; a level has a state."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        state = data.get("state")
        if not state and (data.get("level") or data.get("valid_from") or data.get("valid_until")):
            self.add_error("state", "認定状況を選んでください。")
        if state == CertificationState.CERTIFIED:
            self._expect(
                {
                    "level": "認定済のときは、要介護度を選んでください。",
                    "valid_from": "認定済のときは、有効期間の始まりを入力してください。",
                    "valid_until": "認定済のときは、有効期間の終わりを入力してください。",
                }
            )
        first, last = data.get("valid_from"), data.get("valid_until")
        if first and last and last.day < first.day:
            self.add_error(
                "valid_until", "有効期間の終わりは、始まり以降の日付を入力してください。"
            )
        return data

    def _expect(self, sentences: dict[str, str]) -> None:
        for name, sentence in sentences.items():
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, sentence)


class CertificationForm(CertificationFields):
    """認定 of a person whose record is open."""

    state = choice("認定状況", CertificationState.choices)


class RegisterForm(PersonForm, CertificationFields):
    """Everything asked when a record is opened."""

    sections: ClassVar[Sections] = (
        *PersonForm.sections,
        ("要介護認定（分かれば）", ("state", "level", "valid_from", "valid_until", "applied")),
        ("チームの約束", ("history_from",)),
    )
    history_from = choice(
        "新しい人が読める範囲",
        HistoryFrom.choices,
        widget=forms.RadioSelect,
        initial=HistoryFrom.JOINING,
        help_text="後からチームに入った人が、どこから経過を読めるかです。あとで変えられます。",
    )

    def clean(self) -> dict[str, Any]:
        """Both parts."""
        PersonForm.clean(self)
        return CertificationFields.clean(self)

    def values(self) -> dict[str, Any]:
        """The fields of the record."""
        return {**super().values(), "history_from": self.cleaned_data["history_from"]}


class IndependenceForm(ServiceForm):
    """自立度 as somebody judged it."""

    disability = choice(
        "障害高齢者の日常生活自立度", DisabilityIndependence.choices, empty=UNCERTAIN
    )
    dementia = choice("認知症高齢者の日常生活自立度", DementiaIndependence.choices, empty=UNCERTAIN)
    judged = EraDayField(label="判断した日", past=True)
    judged_by = line("判断者", 60, required=False, help_text="たとえば、主治医、ケアマネジャー。")

    def clean(self) -> dict[str, Any]:
        """One of the two at least."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not (data.get("disability") or data.get("dementia")) and not self.errors:
            self.add_error("disability", "どちらかの自立度を選んでください。")
        return data

    def values(self) -> dict[str, Any]:
        """The fields of the judgement."""
        data = self.cleaned_data
        return {
            "disability": data["disability"],
            "dementia": data["dementia"],
            "judged_on": data["judged"].day,
            "judged_by": data["judged_by"],
        }


class RelativeForm(ServiceForm):
    """家族・キーパーソン."""

    name = line("氏名", 100)
    kana = KanaField(
        label="フリガナ",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    relation = line("続柄", 20, required=False, help_text="たとえば、長女、夫、隣の人。")
    phone = phone_field("電話番号")
    second_phone = phone_field("ほかの電話番号")
    address = line("住所", 300, required=False)
    lives_together = choice("同居", [("yes", "同居"), ("no", "別居")], empty=UNCERTAIN)
    is_key_person = forms.BooleanField(label="キーパーソン", required=False)
    is_main_carer = forms.BooleanField(label="主介護者", required=False)
    is_surrogate = forms.BooleanField(label="代理意思決定者", required=False)
    call_order = forms.IntegerField(
        label="緊急時に電話する順",
        required=False,
        min_value=1,
        max_value=9,
        help_text="1番目から。緊急時に電話しない人は空のまま。",
    )
    note = line("備考", 300, required=False)

    def values(self) -> dict[str, Any]:
        """The fields of the relative."""
        together = {"yes": True, "no": False, "": None}[self.cleaned_data["lives_together"]]
        return {**self.cleaned_data, "lives_together": together}


class ProviderForm(ServiceForm):
    """Who treats and cares for the person, on the platform or not."""

    role = choice("役割", ProviderRole.choices)
    name = line("名称", 200, help_text="医療機関・事業所の名前。")
    person_name = line("担当者", 100, required=False)
    phone = phone_field("電話番号")
    fax = phone_field("FAX番号")
    around_the_clock = forms.BooleanField(label="24時間つながる", required=False)
    hours = line("受付時間", 120, required=False)
    since = EraDayField(label="いつから", required=False)

    def values(self) -> dict[str, Any]:
        """The fields of the provider, its period left to the service."""
        data = dict(self.cleaned_data)
        since = data.pop("since")
        return {**data, "since": since.day if since else None}


class NetworkForm(ServiceForm):
    """Another network the person is in."""

    kind = choice("連携システム", NetworkKind.choices)
    name = line("名称", 100, required=False, help_text="「その他」のときの名前や、地域の呼び名。")
    number = line("そこでの番号", 60, required=False)
    since = EraDayField(label="登録日", required=False, past=True)
    until = EraDayField(label="そこでの同意の期限", required=False)
    is_main_channel = forms.BooleanField(
        label="やり取りはこちらで行う",
        required=False,
        help_text="印を付けると、ここでの書き込みをお願いしません。",
    )
    url = forms.URLField(
        label="開く先",
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text="https:// で始まるアドレス。新しい画面で開きます。",
    )
    ended = EraDayField(label="終了日", required=False)

    def clean_url(self) -> str:
        """Only an encrypted page is opened from here."""
        url: str = self.cleaned_data["url"]
        if url and not url.startswith("https://"):
            raise forms.ValidationError("https:// で始まるアドレスを入力してください。")
        return url

    def clean(self) -> dict[str, Any]:
        """その他 needs its name."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("kind") == NetworkKind.OTHER and not data.get("name"):
            self.add_error("name", "連携システムの名前を入力してください。")
        return data

    def values(self) -> dict[str, Any]:
        """The fields of the network."""
        data = self.cleaned_data
        return {
            "kind": data["kind"],
            "name": data["name"],
            "number": data["number"],
            "since_on": data["since"].day if data["since"] else None,
            "consent_until": data["until"].day if data["until"] else None,
            "is_main_channel": data["is_main_channel"],
            "url": data["url"],
            "ended_on": data["ended"].day if data["ended"] else None,
        }

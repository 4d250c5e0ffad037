"""Inviting, arranging, handing over."""

from __future__ import annotations

from typing import Any

from django import forms

from renkei.care.patients.forms.fields import choice, line
from renkei.care.patients.models import HistoryFrom, Patient, TeamMember
from renkei.care.patients.queries import relatives_of, team_of
from renkei.care.patients.queries_team import colleagues_of, membership_to_invite, partners_of
from renkei.foundation.accounts.forms.fields import ServiceForm
from renkei.foundation.accounts.models import Membership, Organisation
from renkei.foundation.accounts.viewers import Viewer

NOT_FOUND = (
    "このメールアドレスの利用者は見つかりません。登録がまだの事業所は、先に事務局へ参加を"
    "申し込んでもらってください。"
)
THE_PERSON = "person"


class InviteForm(ServiceForm):
    """Somebody known from other teams, or the exact address of an account."""

    partner = forms.ModelChoiceField(
        label="これまでいっしょに働いた人・同じ事業所の人",
        queryset=Membership.objects.none(),
        required=False,
        empty_label="選ばない",
    )
    email = forms.EmailField(
        label="メールアドレス",
        required=False,
        help_text="相手が登録しているアドレスを、正確に入力してください。",
    )
    whole_office = forms.BooleanField(
        label="この人の事業所全体を招く",
        required=False,
        help_text="当番の人など、その事業所のだれもが読めるようになります。",
    )
    profession = line(
        "職種",
        60,
        required=False,
        help_text="事業所全体を招くときや、職種の登録がない人のとき。たとえば、看護師。",
    )
    is_observer = forms.BooleanField(label="見るだけにする", required=False)

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _rows(self, "partner", partners_of(viewer), _member_text)

    def clean(self) -> dict[str, Any]:
        """One of the two; the address must be somebody's."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        partner, email = data.get("partner"), data.get("email")
        if self.errors:
            return data
        if bool(partner) == bool(email):
            self.add_error(
                "partner", "人を選ぶか、メールアドレスを入力するか、どちらかにしてください。"
            )
            return data
        found = partner or membership_to_invite(email or "")
        if found is None:
            self.add_error("email", NOT_FOUND)
        data["found"] = found
        return data

    def invitee(self) -> dict[str, Membership | Organisation | None]:
        """What the service takes: a membership, or an organisation alone."""
        found: Membership = self.cleaned_data["found"]
        if self.cleaned_data["whole_office"]:
            return {"membership": None, "organisation": found.organisation}
        return {"membership": found, "organisation": None}


class ArrangeForm(ServiceForm):
    """What a member may do, and who stands in."""

    is_observer = forms.BooleanField(label="見るだけにする", required=False)
    deputy = forms.ModelChoiceField(
        label="代わりに答える人",
        queryset=TeamMember.objects.none(),
        required=False,
        empty_label="決めない",
        help_text="返事の期限を過ぎた相談が、この人に回ります。",
    )

    def __init__(self, *args: Any, member: TeamMember, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = team_of(member.patient).exclude(pk=member.pk)
        _rows(self, "deputy", others, _team_text)


class HandOverForm(ServiceForm):
    """Which colleague takes over."""

    successor = forms.ModelChoiceField(
        label="引き継ぐ人",
        queryset=Membership.objects.none(),
        empty_label="選んでください",
        help_text="同じ組織の人です。読める範囲も引き継ぎます。",
    )

    def __init__(self, *args: Any, member: TeamMember, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _rows(self, "successor", colleagues_of(member), _member_text)


class RemoveForm(ServiceForm):
    """Why somebody leaves the team."""

    reason = line("理由", 200, required=False)


class SettingsForm(ServiceForm):
    """What the team agreed on, and who hosts."""

    history_from = choice("新しい人が読める範囲", HistoryFrom.choices, widget=forms.RadioSelect)


class HostForm(ServiceForm):
    """Which organisation of the team becomes the host."""

    organisation = forms.ModelChoiceField(
        label="新しい連携ホスト",
        queryset=Organisation.objects.none(),
        empty_label="選んでください",
    )

    def __init__(self, *args: Any, patient: Patient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = team_of(patient).values("organisation")
        rows = Organisation.objects.filter(pk__in=numbers).exclude(pk=patient.host_id)
        _rows(self, "organisation", rows.order_by("name", "pk"), str)


class FamilyForm(ServiceForm):
    """Who comes into the family room, and where the invitation goes."""

    who = forms.ChoiceField(label="招く人", widget=forms.RadioSelect)
    email = forms.EmailField(
        label="メールアドレス",
        required=False,
        help_text="メールを使わない人は空のままにして、印刷した案内を渡してください。",
    )

    def __init__(self, *args: Any, patient: Patient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.relatives = {str(one.uid): one for one in relatives_of(patient)}
        names = [
            (uid, f"{one.name}（{one.relation or '続柄 記録なし'}）")
            for uid, one in self.relatives.items()
        ]
        self.fields["who"] = forms.ChoiceField(
            label="招く人", widget=forms.RadioSelect, choices=[(THE_PERSON, "本人"), *names]
        )

    def relative(self) -> Any:
        """The relative; None is the person themself."""
        return self.relatives.get(self.cleaned_data["who"])


def _rows(form: forms.Form, name: str, rows: Any, text: Any) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = rows
        field.label_from_instance = text  # type: ignore[method-assign]


def _member_text(one: Membership) -> str:
    return f"{one.organisation.name}　{one.user.name}（{one.profession or '職種 記録なし'}）"


def _team_text(one: TeamMember) -> str:
    name = one.membership.user.name if one.membership else "事業所全体"
    return f"{one.profession}　{name}　{one.organisation.name}"

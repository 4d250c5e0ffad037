"""The head of every page of one person, and the list of persons."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import NoReverseMatch, reverse

from renkei.care.patients.columns import columns
from renkei.care.patients.models import (
    CareLevel,
    Certification,
    Consent,
    ConsentState,
    ContentClass,
    OtherNetwork,
    Patient,
)
from renkei.care.patients.queries import (
    certified_now,
    current_networks,
    is_hosted_by,
    listed_allergies,
    present_consent,
)
from renkei.care.patients.rules import consent_state, is_in_force
from renkei.care.patients.tabs import tabs_for
from renkei.care.patients.visibility import contents_open_to
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock
from renkei.foundation.common.addresses import split_address
from renkei.foundation.common.eras import age_on, format_both, format_long

EMERGENCY_SCREEN = "patients:emergency_screen"
# One word and one kind of mark per state, wherever it is shown.
STATE_KINDS = {
    ConsentState.AGREED: "done",
    ConsentState.BY_PROXY: "done",
    ConsentState.NOT_YET: "future",
    ConsentState.NOT_OBTAINED: "ask",
    ConsentState.REFUSED: "over",
    ConsentState.WITHDRAWN: "over",
    ConsentState.EXPIRED: "over",
}


@dataclass(frozen=True)
class ShownState:
    """A consent's state in words, with its mark and its last day."""

    state: ConsentState
    kind: str
    until: str

    @property
    def word(self) -> str:
        return str(self.state.label)

    @property
    def in_force(self) -> bool:
        return is_in_force(self.state)


def shown_state(consent: Consent | None, on: date) -> ShownState:
    """The state of a present decision on a day."""
    state = consent_state(consent, on)
    last = consent.period.upper - timedelta(days=1) if consent and consent.period.upper else None
    shows_end = is_in_force(state) or state == ConsentState.EXPIRED
    return ShownState(state, STATE_KINDS[state], format_long(last) if last and shows_end else "")


@dataclass(frozen=True)
class Tab:
    """One page of the person, as a link."""

    url: str
    label: str
    current: bool
    count: str = ""


@dataclass(frozen=True)
class PersonHead:
    """Who this is, in the four lines above every page of the person."""

    patient: Patient
    age: str
    birth: str
    sex: str
    level: str
    level_until: str
    place: str
    household: str
    # None: not open to this viewer. "" never: absence has kinds.
    allergies: str | None
    consent: ShownState
    emergency_url: str
    is_hosted: bool
    # Where the team keeps its talk instead of here (T-MCS11); "" if here.
    main_channel: str
    tabs: Sequence[Tab] = ()


def person_head(viewer: Viewer, patient: Patient, *, current: str = "") -> PersonHead:
    """What stands above every page of this person; the caller checked and logged the read."""
    today = clock.today()
    certified = certified_now(patient)
    contents = contents_open_to(viewer, patient)
    opens_emergency = ContentClass.EMERGENCY in contents
    return PersonHead(
        patient=patient,
        age=age_text(patient, today),
        birth=birth_text(patient),
        sex=patient.get_sex_display() if patient.sex != "unknown" else "",
        level=certified.get_level_display() if certified else "",
        level_until=period_end_text(certified),
        place=place_text(patient),
        household=patient.get_household_display() if patient.household else "",
        allergies=listed_allergies(patient) if opens_emergency else None,
        consent=shown_state(present_consent(patient), today),
        emergency_url=_address(EMERGENCY_SCREEN, patient) if opens_emergency else "",
        is_hosted=is_hosted_by(viewer, patient),
        main_channel=main_channel_text(current_networks(patient), today),
        tabs=[
            Tab(url, tab.label, current=tab.name == current)
            for tab in tabs_for(viewer, patient, contents)
            if (url := _address(tab.url_name, patient))
        ],
    )


def _address(name: str, patient: Patient) -> str:
    try:
        return reverse(name, args=[patient.uid])
    except NoReverseMatch:  # a room that is not installed
        return ""


def age_text(patient: Patient, on: date) -> str:
    """90歳; 「年齢不明」 where the birthday is not known."""
    return f"{age_on(patient.birth_on, on)}歳" if patient.birth_on else "年齢不明"


def birth_text(patient: Patient) -> str:
    """昭和11年5月3日（1936年）生, to be compared with a card."""
    return f"{format_both(patient.birth_on)}生" if patient.birth_on else "生年月日 不明"


def period_end_text(certified: Certification | None) -> str:
    """令和9年3月31日まで."""
    if certified is None or certified.period.upper is None:
        return ""
    return f"{format_long(certified.period.upper - timedelta(days=1))}まで"


def place_text(patient: Patient) -> str:
    """The town, not the house: enough to know the way, little on a screen others see."""
    if not patient.address:
        return ""
    parts = split_address(patient.address)
    return f"{parts.municipality}{parts.town}" or patient.address


def network_name(network: OtherNetwork) -> str:
    """What the other network is called."""
    return network.name or network.get_kind_display()


def main_channel_text(networks: Collection[OtherNetwork], on: date) -> str:
    """Where the team talks; "" where it talks here."""
    return next(
        (
            network_name(one)
            for one in networks
            if one.is_main_channel and not (one.ended_on and one.ended_on < on)
        ),
        "",
    )


# The list --------------------------------------------------------------------------------


@dataclass(frozen=True)
class ListRow:
    """One person in the list."""

    patient: Patient
    age: str
    birth: str
    level: str
    place: str
    cells: Sequence[str]


def list_rows(viewer: Viewer, patients: Collection[Patient]) -> list[ListRow]:
    """The lines of the list, with the columns of the rooms above."""
    today = clock.today()
    numbers = [patient.pk for patient in patients]
    more = [(column, column.values(viewer, numbers)) for column in columns()]
    return [
        ListRow(
            patient,
            age_text(patient, today),
            birth_text(patient),
            level_text(getattr(patient, "level_now", None)),
            place_text(patient),
            [values.get(patient.pk, column.otherwise) for column, values in more],
        )
        for patient in patients
    ]


def level_text(code: str | None) -> str:
    """要介護3, in words; 「記録なし」 where nothing is certified."""
    return str(CareLevel(code).label) if code else "記録なし"


def column_labels() -> list[str]:
    """The heads of the columns that rooms above added."""
    return [column.label for column in columns()]

"""What emergencies, wishes, the log and the end of care add to a person's pages and to disposal."""

from __future__ import annotations

from renkei.care.patients import tabs
from renkei.care.patients.disposal import on_dispose
from renkei.care.patients.models import ContentClass, Patient
from renkei.care.patients.queries_read_log import patients_whose_log_is_open_to
from renkei.care.patients.rules_emergency import may_run_the_emergency_desk
from renkei.care.patients.services.destroying import destroy_own
from renkei.care.patients.visibility import TEAM_ROLES
from renkei.foundation.accounts import landings
from renkei.foundation.accounts.viewers import Viewer


def register_all() -> None:
    """Tabs 130–190 of the patients' room, and this room's part in destroying a record."""
    tabs.register(
        tabs.PersonTab(
            "wishes", "意思の記録", "patients:wish_list", 150, content=ContentClass.WISHES
        )
    )
    tabs.register(
        tabs.PersonTab(
            "cards", "救急カード", "patients:card_list", 160, _goes_on, ContentClass.EMERGENCY
        )
    )
    tabs.register(tabs.PersonTab("read_log", "誰が見たか", "patients:read_log", 180, _sees_log))
    tabs.register(tabs.PersonTab("end", "支援の終了", "patients:patient_end", 190, _hosts))
    on_dispose("patients", destroy_own)
    landings.register(landings.Landing("desk", "emergency:desk", 10, may_run_the_emergency_desk))


def _goes_on(_viewer: Viewer, patient: Patient) -> bool:
    return not patient.is_closed


def _hosts(viewer: Viewer, patient: Patient) -> bool:
    return viewer.role in TEAM_ROLES and viewer.organisation_id == patient.host_id


def _sees_log(viewer: Viewer, patient: Patient) -> bool:
    if viewer.role in TEAM_ROLES:
        return _hosts(viewer, patient)
    return patients_whose_log_is_open_to(viewer).filter(pk=patient.pk).exists()

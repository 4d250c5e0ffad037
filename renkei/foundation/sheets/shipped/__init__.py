"""The forms that come with the product, each with where it comes from and what is unconfirmed.

A new edition is a new module beside the old one with the next ``number``; an edition that was
published is never changed, answers refer to it.
"""

from __future__ import annotations

from typing import Final

from renkei.foundation.sheets.shipped import (
    acp_note,
    admission_info,
    after_discharge,
    care_card,
    discharge_record,
    dnar_record,
    doctor_contact,
    emergency_kit,
    ems_sheet,
    sharing_sheet,
)
from renkei.foundation.sheets.shipped.build import ShippedForm

FORMS: Final[tuple[ShippedForm, ...]] = (
    admission_info.FORM,
    discharge_record.FORM,
    after_discharge.SUMMARY,
    after_discharge.FOLLOW_UP,
    sharing_sheet.FORM,
    doctor_contact.FORM,
    ems_sheet.FORM,
    emergency_kit.FORM,
    dnar_record.FORM,
    acp_note.FORM,
    care_card.FORM,
)

"""The forms shared along an agreement (協定), for the agreement's page."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from renkei.foundation.accounts.agreed import SharedThing
from renkei.foundation.areas.models import Agreement, Area
from renkei.foundation.sheets.queries import shares_reaching


def forms_along(agreement: Agreement, area: Area, day: date) -> list[SharedThing]:
    """An area's own shared forms and those that reach it, by name; one query."""
    shares = shares_reaching(area, day).filter(agreement=agreement)
    return [
        SharedThing(
            kind="様式",
            name=share.form.name,
            owner=str(share.form.owner_area),
            path=reverse("sheets:form_detail", args=[share.form.uid]),
            shared_at=share.shared_at,
        )
        for share in shares.select_related("form__owner_area").order_by("form__name", "pk")
    ]

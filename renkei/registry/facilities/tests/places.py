"""Invented places for tests of search: one place with one service of given values."""

from __future__ import annotations

from renkei.foundation.common.kana import sort_key
from renkei.registry.facilities.tests.factories import FacilityFactory, ServiceFactory


def place(name, **values):
    """One place with one service of the given values."""
    columns = {"kana": "", "address": "架空県架空市北浜1-2-3", "phone": "0999-00-1200"}
    columns |= {key: values[key] for key in ("kana", "address", "phone") if key in values}
    own = {
        key: values.pop(key)
        for key in ("municipality", "fresh_on", "confirmed_on", "status", "coordinates_from")
        if key in values
    }
    position = {key: values.get(key) for key in ("latitude", "longitude")}
    facility = FacilityFactory.create(
        name=name,
        sort_key=sort_key(columns["kana"], name)[:200],
        **columns,
        **own,
        **position,
    )
    code = own["municipality"].code if own.get("municipality") else "992011"
    ServiceFactory.create(
        facility=facility,
        name=name,
        **{"municipality_code": code} | columns | values,
    )
    return facility

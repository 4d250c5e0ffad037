"""Old and new official values of one record, field by field; pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from renkei.foundation.common.addresses import address_key
from renkei.foundation.common.codes import check_corporate_number
from renkei.foundation.common.kana import fold
from renkei.registry.facilities.catalogue import BUREAU, LOCAL
from renkei.registry.facilities.importers.listing import VALUE_COLUMNS, ListingRow
from renkei.registry.facilities.models import Verdict

# Comes from the code list or the bureau; the other sources never speak of it.
_CODE_SOURCES = frozenset({BUREAU, LOCAL})
FAX_GONE = "FAX番号が消えた"
PHONE_GONE = "電話番号が消えた"
OTHER_INSTITUTION = "同じ番号で名称も住所も違う"
WRONG_CORPORATE_NUMBER = "法人番号の検査数字が合わない"


class Difference(NamedTuple):
    """What a new row changes. ``verdict`` SAME: nothing that its file speaks of."""

    verdict: Verdict
    before: dict[str, object]
    after: dict[str, object]
    reason: str = ""


def difference(
    old: ListingRow,
    new: ListingRow,
    *,
    silent: Collection[str] = (),
    speaks_of_codes: bool = False,
) -> Difference:
    """Compare official values. ``silent``: columns the whole file leaves empty; the old stay.

    ``speaks_of_codes``: the file says which 医療機関コード a record of another source has.
    """
    speaks_of_codes = speaks_of_codes or new.source in _CODE_SOURCES
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    for name in VALUE_COLUMNS:
        was, now = getattr(old, name), getattr(new, name)
        if was == now or name in silent:
            continue
        if name == "institution_code" and not speaks_of_codes:
            continue
        before[name], after[name] = was, now
    if not after:
        return Difference(Verdict.SAME, before, after)
    reason = _suspicion(before, after, old, new)
    if reason:
        return Difference(Verdict.SUSPICIOUS, before, after, reason)
    verdict = Verdict.MOVED if _has_moved(before, after, old, new) else Verdict.CHANGED
    return Difference(verdict, before, after)


def _suspicion(
    before: Mapping[str, object], after: Mapping[str, object], old: ListingRow, new: ListingRow
) -> str:
    """Why a person should look first; "" mostly."""
    if before.get("phone") and not after["phone"]:
        return PHONE_GONE
    if before.get("fax") and not after["fax"]:
        return FAX_GONE
    number = str(after.get("corporate_number", ""))
    if number and not check_corporate_number(number).valid:
        return WRONG_CORPORATE_NUMBER
    if "name" in after and fold(old.name) != fold(new.name) and _has_moved(before, after, old, new):
        return OTHER_INSTITUTION
    return ""


def _has_moved(
    before: Mapping[str, object], after: Mapping[str, object], old: ListingRow, new: ListingRow
) -> bool:
    """Whether the address means another place, not only another spelling."""
    del before
    if "address" not in after:
        return False
    return address_key(old.address) != address_key(new.address)

"""Which municipalities are meant: by name or code as typed, and the viewer's own."""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError

from renkei.foundation.accounts.models import Organisation
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.areas.queries import areas_on
from renkei.foundation.common import clock

_LEVELS = (AreaLevel.MUNICIPALITY, AreaLevel.WARD)


def municipality_codes_named(text: str) -> list[str]:
    """Codes of municipalities named like 「久留米市、40220」; a prefecture may stand before a name.

    Raises:
        ValidationError: a name nobody bears, or one borne by several; it is quoted.
    """
    codes = []
    for word in filter(None, re.split(r"[、,\s]+", unicodedata.normalize("NFKC", text))):
        found = list(_candidates(word))
        if not found:
            raise ValidationError(
                f"「{word}」という市区町村がありません。名前か全国地方公共団体コードを確かめてください。"
            )
        if len(found) > 1:
            names = "、".join(f"{area.name}（{area.code}）" for area in found[:5])
            raise ValidationError(
                f"「{word}」はいくつもあります。コードで入力してください：{names}。"
            )
        codes.append(found[0].code)
    return list(dict.fromkeys(codes))


def _candidates(word: str) -> list[Area]:
    areas = areas_on(clock.today()).filter(level__in=_LEVELS).order_by("code")
    if re.fullmatch(r"\d{5,6}", word):
        return list(areas.filter(code__startswith=word))
    return list(areas.filter(name=word)) or list(areas.filter(name=_without_prefecture(word)))


def _without_prefecture(word: str) -> str:
    return re.sub(r"^(北海道|東京都|京都府|大阪府|.{2,3}県)", "", word)


def own_municipality(viewer: Viewer) -> Area | None:
    """The municipality of the viewer's organisation, proposed wherever one is asked for."""
    if viewer.organisation_id is None:
        return None
    organisation = (
        Organisation.objects.select_related("area").filter(pk=viewer.organisation_id).first()
    )
    return organisation.area if organisation else None


def municipalities_near(area: Area | None) -> dict[str, str]:
    """Names and codes of the municipalities of the same prefecture, to read addresses by."""
    if area is None:
        return {}
    rows = areas_on(clock.today()).filter(level__in=_LEVELS, prefecture_code=area.prefecture_code)
    return dict(rows.order_by("code").values_list("name", "code"))

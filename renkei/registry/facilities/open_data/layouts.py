"""The columns of the standard datasets, and one service as a row of them.

Source: 自治体標準オープンデータセット（デジタル庁）介護サービス事業所一覧・医療機関一覧. The
spelling of some headers is unconfirmed; they are data here, so that a correction is one line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from renkei.foundation.common.addresses import split_address
from renkei.registry.facilities.catalogue import CARE, MEDICAL, SERVICES


class Dataset(StrEnum):
    """The datasets we publish."""

    CARE = "care"
    MEDICAL = "medical"


@dataclass(frozen=True)
class PublicService:
    """One service with the values residents may see; a missing value is not there."""

    service_id: int  # ours, stable over imports; it says nothing about the service
    service_code: str
    municipality_code: str
    municipality_name: str
    prefecture_name: str
    values: Mapping[str, object]
    # Who says so, in the publisher's words, with the day: it travels with every row (T-A1d).
    attribution: str = ""
    note: str = ""  # what a reader of the row must know

    def text(self, field: str) -> str:
        """The value as the file writes it; empty when there is none."""
        value = self.values.get(field)
        if value is None:
            return ""
        if isinstance(value, (list, tuple)):
            return ";".join(str(one) for one in value)
        return str(value)


Cell = Callable[[PublicService], str]


def _field(name: str) -> Cell:
    return lambda service: service.text(name)


def _part(name: str) -> Cell:
    def cell(service: PublicService) -> str:
        parts = split_address(service.text("address"), municipality=service.municipality_name)
        return str(getattr(parts, name))

    return cell


def _full_address(service: PublicService) -> str:
    text = service.text("address")
    if text and not text.startswith(service.prefecture_name):
        return service.prefecture_name + text
    return text


def _remarks(service: PublicService) -> str:
    """What to know, the service's own remark, then where its values come from."""
    origin = f"出典：{service.attribution}" if service.attribution else ""
    remark = service.text("remarks").replace("\n", " ")
    return "　".join(filter(None, (service.note, remark, origin)))


PLACE: tuple[tuple[str, Cell], ...] = (
    ("所在地_全国地方公共団体コード", lambda service: service.municipality_code),
    ("町字ID", lambda service: ""),  # noqa: ARG005 - not known to the register
    ("所在地_連結表記", _full_address),
    ("所在地_都道府県", lambda service: service.prefecture_name),
    ("所在地_市区町村", lambda service: service.municipality_name),
    ("所在地_町字", _part("town")),
    ("所在地_番地以下", _part("block")),
    ("建物名等(方書)", _field("building")),
    ("緯度", _field("latitude")),
    ("経度", _field("longitude")),
    ("電話番号", _field("phone")),
    ("FAX番号", _field("fax")),
    ("法人番号", _field("corporate_number")),
    ("法人の名称", _field("corporate_name")),
)
HEAD: tuple[tuple[str, Cell], ...] = (
    ("全国地方公共団体コード", lambda service: service.municipality_code),
    ("ID", lambda service: str(service.service_id)),
    ("地方公共団体名", lambda service: service.municipality_name),
    ("名称", _field("name")),
    ("名称_カナ", _field("kana")),
    ("名称_英字", lambda service: ""),  # noqa: ARG005 - not known to the register
)
CARE_COLUMNS: tuple[tuple[str, Cell], ...] = (
    *HEAD,
    ("実施サービス", lambda service: SERVICES[service.service_code].label),
    *PLACE,
    ("事業所番号", _field("office_number")),
    ("利用可能曜日", _field("days")),
    ("利用可能日時特記事項", _field("days_note")),
    ("定員", _field("capacity")),
    ("URL", _field("url")),
    ("備考", _remarks),
)
MEDICAL_COLUMNS: tuple[tuple[str, Cell], ...] = (
    *HEAD,
    ("医療機関の種類", lambda service: SERVICES[service.service_code].label),
    *PLACE,
    ("医療機関コード", _field("institution_code")),
    ("診療曜日", _field("days")),
    ("診療日時特記事項", _field("days_note")),
    ("診療科目", _field("departments")),
    ("病床数", _field("beds")),
    ("URL", _field("url")),
    ("備考", _remarks),
)
COLUMNS = {Dataset.CARE: CARE_COLUMNS, Dataset.MEDICAL: MEDICAL_COLUMNS}
TITLES = {Dataset.CARE: "介護サービス事業所一覧", Dataset.MEDICAL: "医療機関一覧"}


def header(dataset: Dataset) -> list[str]:
    """The column names, in order."""
    return [name for name, _ in COLUMNS[dataset]]


def row(dataset: Dataset, service: PublicService) -> list[str]:
    """One service as cells."""
    return [cell(service) for _, cell in COLUMNS[dataset]]


def service_codes(dataset: Dataset) -> list[str]:
    """The kinds of service a dataset lists; kinds of local lists alone belong to none."""
    wanted = MEDICAL if dataset is Dataset.MEDICAL else CARE
    return [info.code for info in SERVICES.values() if info.source == wanted]

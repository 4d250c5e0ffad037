"""The facilities of 架空広域 as plain records, before they become files."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

from renkei.demo import geography, names
from renkei.foundation.common.codes import corporate_check_digit, mod10_check_digit

SEED = 20261122
# Services per 10,000 inhabitants, rounded up to at least the number given for a village.
DENSITY: dict[str, tuple[float, int]] = {
    "110": (2.6, 1), "120": (0.15, 0), "130": (1.4, 1), "140": (0.5, 0), "150": (2.0, 1),
    "160": (0.6, 0), "170": (0.6, 0), "220": (0.3, 0), "331": (0.3, 0), "410": (0.5, 0),
    "430": (3.0, 1), "520": (0.3, 0), "550": (0.08, 0), "720": (0.25, 0), "730": (0.4, 0),
    "760": (0.1, 0), "770": (0.1, 0), "780": (1.5, 0), "hospital": (0.5, 0), "clinic": (6.5, 1),
    "dental": (5.0, 1), "pharmacy": (4.6, 1),
}  # fmt: skip
OFFICE_KIND = {"130": "6", "520": "5", "220": "5", "160": "1", "140": "1"}
DEPARTMENTS = ("内科", "外科", "整形外科", "小児科", "循環器内科", "皮膚科", "リハビリテーション科")
DAYS = ("月", "火", "水", "木", "金", "土", "日", "祝")


@dataclass(frozen=True)
class Record:
    """One service at one place."""

    service: str
    key: str
    municipality: geography.Municipality
    town: str
    name: str
    kana: str
    address: str  # with municipality, as official files write it
    building: str
    position: geography.Position
    phone: str
    fax: str
    corporate_name: str
    corporate_number: str
    days: str = ""
    note: str = ""
    capacity: str = ""
    url: str = ""
    departments: tuple[str, ...] = ()
    hours: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    filings: tuple[str, ...] = ()
    beds: int = 0


def all_records() -> list[Record]:
    """Every service of the region, always the same ones."""
    chance = random.Random(SEED)
    records: list[Record] = []
    for municipality in geography.MUNICIPALITIES:
        numbers: dict[str, int] = {}
        used: set[str] = set()
        for service, (density, least) in DENSITY.items():
            count = max(least, round(density * municipality.population / 10_000))
            records += [_record(service, municipality, numbers, used, chance) for _ in range(count)]
    return _with_shared_offices(records, chance)


def _record(
    service: str,
    municipality: geography.Municipality,
    numbers: dict[str, int],
    used: set[str],
    chance: random.Random,
) -> Record:
    town = chance.choice(municipality.towns)
    name, kana = names.name_for(service, chance, town.removeprefix("大字"), used)
    centre = geography.town_centre(municipality.name, town)
    position = (
        round(centre[0] + chance.gauss(0, 0.006), 6),
        round(centre[1] + chance.gauss(0, 0.005), 6),
    )
    block = f"{chance.randint(1, 5)}丁目" if not town.startswith("大字") else ""
    lot = (
        f"{chance.randint(1, 40)}番{chance.randint(1, 20)}号"
        if block
        else f"{chance.randint(1, 3000)}番地"
    )
    building = chance.choice(
        ("", "", "", "", f"{town.removeprefix('大字')}ビル{chance.randint(1, 5)}階")
    )
    line = chance.randint(1000, 9999)
    record = Record(
        service=service,
        key=_key(service, municipality, numbers),
        municipality=municipality,
        town=town,
        name=name,
        kana=kana,
        address=f"{geography.PREFECTURE}{municipality.name}{town}{block}{lot}",
        building=building,
        position=position,
        phone=f"0999-{municipality.area_number}-{line}",
        fax=f"0999-{municipality.area_number}-{(line + 1) % 10000:04d}",
        corporate_name="",
        corporate_number="",
    )
    if service in {"hospital", "clinic", "dental", "pharmacy"}:
        return _medical(record, chance)
    return _care(record, chance)


def _key(service: str, municipality: geography.Municipality, numbers: dict[str, int]) -> str:
    if service in {"hospital", "clinic", "dental", "pharmacy"}:
        kind = {"hospital": "1", "clinic": "2", "dental": "3", "pharmacy": "5"}[service]
        numbers[service] = numbers.get(service, 0) + 1
        return f"99{kind}99{kind}0{municipality.area_number}{numbers[service]:04d}"
    kind = OFFICE_KIND.get(service, "9" if service[0] == "7" else "7")
    numbers[kind] = numbers.get(kind, 0) + 1
    body = f"99{kind}{municipality.area_number}{numbers[kind]:04d}"
    return body + mod10_check_digit(body)


def _care(record: Record, chance: random.Random) -> Record:
    body = chance.choice(("社会福祉法人", "株式会社", "合同会社", "医療法人社団", "一般社団法人"))
    stem = chance.choice(names.STEMS)[0]
    twelve = f"{chance.randrange(10**11, 10**12)}"
    week_end = chance.choice(("平日", "平日,土曜日", "平日,土曜日,祝日", "平日,土曜日,日曜日,祝日"))
    stays = record.service in {"220", "331", "520", "550"}
    return replace(
        record,
        corporate_name=f"{body}{stem}会",
        corporate_number=corporate_check_digit(twelve) + twelve,
        days="" if stays else week_end,
        note=chance.choice(
            ("", "", "12月29日～1月3日は休み", "祝日は相談により訪問（改行）年末年始は電話のみ")
        ),
        capacity=str(chance.choice((10, 18, 25, 30, 40)))
        if record.service in CAPACITY_SERVICES
        else "0",
        url=f"https://www.renkei-{record.key}.example/" if chance.random() < 0.5 else "",
    )


CAPACITY_SERVICES = frozenset(
    {"150", "160", "220", "331", "520", "550", "720", "730", "770", "780"}
)


def _medical(record: Record, chance: random.Random) -> Record:
    closed = chance.choice(("水", "木", "日"))
    hours: dict[str, tuple[tuple[str, str], ...]] = {}
    for day in DAYS[:6]:
        if day == closed:
            continue
        short = day == "土"
        hours[day] = (("09:00", "12:30"),) if short else (("09:00", "12:30"), ("15:00", "18:00"))
    departments: tuple[str, ...] = ()
    filings: list[str] = []
    if record.service in {"hospital", "clinic"}:
        departments = tuple(chance.sample(DEPARTMENTS, chance.randint(1, 4)))
        if chance.random() < (0.5 if record.service == "hospital" else 0.22):
            filings = (
                ["在宅療養支援病院（３）"]
                if record.service == "hospital"
                else ["在宅療養支援診療所（３）"]
            )
            filings.append("在宅時医学総合管理料及び施設入居時等医学総合管理料")
    elif record.service == "dental":
        departments = ("歯科", *chance.sample(("小児歯科", "矯正歯科", "歯科口腔外科"), 1))
        filings = ["在宅療養支援歯科診療所２"] if chance.random() < 0.15 else []
    else:
        filings = ["在宅患者訪問薬剤管理指導料"] if chance.random() < 0.5 else []
    return replace(
        record,
        departments=departments,
        hours=hours,
        filings=tuple(filings),
        beds=chance.choice((60, 120, 199)) if record.service == "hospital" else 0,
    )


def _with_shared_offices(records: list[Record], chance: random.Random) -> list[Record]:
    """Many offices offer two services under one number: a care manager beside the helpers, and so on."""
    shared: list[Record] = []
    for record in records:
        if record.service == "110" and chance.random() < 0.25:
            shared.append(replace(record, service="430", capacity="0"))
        if record.service == "520":
            shared.append(replace(record, service="160", capacity="20"))
    return records + shared

"""The people of 架空広域 and their organisations. All invented."""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from renkei.foundation.accounts.models import Membership, Organisation, OrganisationKind, Role
from renkei.foundation.accounts.queries import account_with_address
from renkei.foundation.accounts.services.members import create_member, enrol_totp
from renkei.foundation.accounts.services.organisations import register_organisation
from renkei.foundation.areas.models import Area
from renkei.foundation.audit.actors import SYSTEM, Actor, ActorKind
from renkei.foundation.common import clock

DOMAIN = "kakuu.example"
SINCE_DAYS = 230
# (organisation, kind, municipality it belongs to, phone)
ORGANISATIONS = (
    (
        "架空市 健康福祉部 高齢者支援課",
        OrganisationKind.MUNICIPAL_SECTION,
        "架空市",
        "0999-00-0100",
    ),
    ("汐見市 福祉課", OrganisationKind.MUNICIPAL_SECTION, "汐見市", "0999-02-0100"),
    (
        "架空県 東部保健所",
        OrganisationKind.HEALTH_CENTRE,
        "架空県東部保健所",
        "0999-00-0200",
    ),
    ("架空市医師会", OrganisationKind.MEDICAL_ASSOCIATION, "", "0999-00-0300"),
    (
        "在宅医療・介護連携支援センター 架空",
        OrganisationKind.COORDINATION_CENTRE,
        "架空市",
        "0999-00-0110",
    ),
    ("訪問看護ステーション みなも", OrganisationKind.FACILITY, "架空市", "0999-00-1201"),
    ("居宅介護支援事業所 つむぎ", OrganisationKind.FACILITY, "架空市", "0999-00-3121"),
    ("架空広域消防本部", OrganisationKind.FIRE_DEPARTMENT, "架空市", "0999-00-0119"),
    ("運用センター", OrganisationKind.OTHER, "", "0999-00-0900"),
    ("しおかぜ医院", OrganisationKind.FACILITY, "架空市", "0999-00-2045"),
    ("はまべ薬局", OrganisationKind.FACILITY, "架空市", "0999-00-5510"),
    ("訪問介護 ひより", OrganisationKind.FACILITY, "架空市", "0999-00-6120"),
    ("架空市立中央病院", OrganisationKind.FACILITY, "架空市", "0999-00-7000"),
)
# (address before the @, name, kana, organisation, role, profession)
PEOPLE = (
    ("kawase", "川瀬 陽", "カワセ ヨウ", 0, Role.MUNICIPAL_STAFF, "事務"),
    ("shiomi", "汐見 直", "シオミ ナオ", 1, Role.MUNICIPAL_STAFF, "事務"),
    ("okubo", "大久保 栞", "オオクボ シオリ", 0, Role.PRIVACY_OFFICER, "事務"),
    ("misaki", "岬 亮", "ミサキ リョウ", 2, Role.PREFECTURE, "保健師"),
    ("shirai", "白井 透", "シライ トオル", 9, Role.PROFESSIONAL, "医師"),
    ("namiki", "並木 研二", "ナミキ ケンジ", 3, Role.COUNCIL_MEMBER, "医師"),
    ("minato", "湊 千夏", "ミナト チナツ", 4, Role.DESK, "看護師"),
    ("hayakawa", "早川 みのり", "ハヤカワ ミノリ", 5, Role.PROFESSIONAL, "看護師"),
    ("oki", "沖 直子", "オキ ナオコ", 5, Role.ORGANISATION_ADMIN, "看護師"),
    ("omori", "大森 千景", "オオモリ チカゲ", 6, Role.PROFESSIONAL, "介護支援専門員"),
    ("shirei", "浜口 守", "ハマグチ マモル", 7, Role.FIRE_DISPATCH, "救急隊員"),
    ("unyo", "入江 操", "イリエ ミサオ", 8, Role.OPERATOR, ""),
    ("miyashita", "宮下 航", "ミヤシタ ワタル", 10, Role.PROFESSIONAL, "薬剤師"),
    ("miyoshi", "三好 礼", "ミヨシ レイ", 11, Role.PROFESSIONAL, "訪問介護員"),
    ("chidori", "千鳥 恵", "チドリ メグミ", 12, Role.PROFESSIONAL, "医療ソーシャルワーカー"),
    # Family of 湊 ハル江: signs in at the office that hosts her team.
    ("satoko", "湊 さと子", "ミナト サトコ", 6, Role.PERSON_OR_FAMILY, ""),
)


@dataclass(frozen=True)
class Account:
    """What somebody needs to sign in as one of them; kept in var/, never in the repository."""

    email: str
    name: str
    role: str
    organisation: str
    password: str
    totp_secret: str


def settle(folder: Path) -> list[Account]:
    """Register the organisations and open the accounts that are not there yet."""
    path = folder / "demo-accounts.json"
    known = (
        {one["email"]: Account(**one) for one in json.loads(path.read_text())}
        if path.exists()
        else {}
    )
    organisations: list[Organisation] = []
    accounts: list[Account] = []
    areas = {area.name: area for area in Area.objects.filter(prefecture_code="99")}
    for name, kind, municipality, phone in ORGANISATIONS:
        found = Organisation.objects.filter(name=name).first()
        organisations.append(
            found
            or register_organisation(
                actor=SYSTEM, name=name, kind=kind, area=areas.get(municipality), phone=phone
            )
        )
    for local, name, _kana, organisation, role, profession in PEOPLE:
        email = f"{local}@{DOMAIN}"
        if account_with_address(email) is not None and email in known:
            accounts.append(known[email])
            continue
        account = Account(
            email=email,
            name=name,
            role=str(role.label),
            organisation=organisations[organisation].name,
            password=secrets.token_urlsafe(12),
            totp_secret=base64.b32encode(os.urandom(20)).decode(),
        )
        # They have worked here since April: their memberships are older than what they wrote.
        with clock.told_at(clock.now() - timedelta(days=SINCE_DAYS)):
            membership = create_member(
                actor=SYSTEM,
                email=email,
                name=name,
                organisation=organisations[organisation],
                role=role,
                profession=profession,
                password=account.password,
                is_demo=True,
            )
        enrol_totp(membership.user, account.totp_secret)
        accounts.append(account)
    path.touch(mode=0o600)
    path.write_text(json.dumps([asdict(one) for one in accounts], ensure_ascii=False, indent=1))
    return accounts


def officer() -> Actor:
    """川瀬 of the city office, who does the demo's work."""
    membership = Membership.objects.select_related("user").get(
        user__email=f"kawase@{DOMAIN}", role=Role.MUNICIPAL_STAFF
    )
    return Actor(ActorKind.USER, membership.user_id, membership.pk)

"""What stands around the teams: policy, offices that join or do not, an agreement, groups."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.db import transaction

from renkei.care.patients.services.choices import choose_family_sees_read_log
from renkei.care.timelines.services.groups import make_group
from renkei.demo.care import viewer_named
from renkei.demo.people import DOMAIN, officer
from renkei.demo.region import municipalities
from renkei.foundation.accounts.models import NonUseReason, Organisation
from renkei.foundation.accounts.queries_policies import unsigned_memberships
from renkei.foundation.accounts.services.joining import (
    add_device,
    apply_to_join,
    approve_application,
    save_outside_office,
)
from renkei.foundation.accounts.services.policies import (
    accept_policy,
    publish_policy_version,
    write_policy,
    write_policy_version,
)
from renkei.foundation.areas.agreements import confirm_agreement, propose_agreement
from renkei.foundation.audit.actors import Actor, ActorKind
from renkei.foundation.common import clock
from renkei.foundation.sheets.queries import version_in_force
from renkei.foundation.sheets.services.editions import FormFacts, create_form, publish_version
from renkei.foundation.sheets.services.sharing import adopt_version, share_form

Say = Callable[[str], None]
DAYS: Final = 45
# Came last and has not read it yet: the list of who still has to sign is not empty.
UNSIGNED: Final = f"chidori@{DOMAIN}"
POLICY: Final = """第1条　情報は、本人の同意の範囲で、支援に必要な人だけが見る。
第2条　本人の名前をメールや電話の伝言に書かない。
第3条　端末には画面のロックをかけ、なくしたときはすぐに事務局に知らせる。
第4条　家族が読む部屋と職員の部屋を取り違えない。送る前に宛先を確かめる。
第5条　事業所を離れる人の利用は、その日に終える。
この誓約は架空広域の例です。"""
APPLICATIONS: Final[tuple[dict[str, Any], ...]] = (
    {
        "name": "定期巡回 なぎさ",
        "address": "架空市港町3丁目1番",
        "phone": "0999-00-6610",
        "contact_name": "磯部 拓",
        "contact_email": f"nagisa@{DOMAIN}",
        "remarks": "夜間の連絡を紙から移したいです。",
        "wished_users": {"訪問介護員": 4, "看護師": 1},
        "device_count": 3,
    },
    {
        "name": "浜風歯科医院",
        "address": "浜風町本町1番",
        "phone": "0999-03-4180",
        "contact_name": "千代 航平",
        "contact_email": f"hamakaze-dental@{DOMAIN}",
        "remarks": "訪問歯科の口の記録を共有したいです。",
        "wished_users": {"歯科医師": 1, "歯科衛生士": 2},
        "device_count": 1,
    },
)
OUTSIDE: Final = (
    ("沖波診療所", "医師", [NonUseReason.IT_LITERACY, NonUseReason.FEW_PROFESSIONS], "FAX", 20),
    ("通所介護 うみかぜ", "介護職員", [NonUseReason.MORE_WORK], "連絡帳", 64),
    ("いそべ薬局", "薬剤師", [NonUseReason.OTHER_SYSTEM], "ほかの連携システム", 7),
)


@transaction.atomic
def settle_around(say: Say) -> None:
    """Everything once, told as of some weeks ago."""
    city = officer()
    start = clock.now() - timedelta(days=DAYS)
    with clock.told_at(start):
        _sign_policy(city)
        _let_offices_join(city)
        _agree(city)
        choose_family_sees_read_log(viewer=viewer_named("kawase"), shown=True)
        make_group(
            viewer=viewer_named("shirai"),
            title="退院支援の手順を見直す会",
            purpose="病院と在宅の受け渡しの様式をそろえる",
        )
    with clock.told_at(clock.now() - timedelta(days=2)):
        apply_to_join(**APPLICATIONS[1])
    say("誓約書・参加の申込み・協定を用意しました")


def _sign_policy(city: Actor) -> None:
    office = Organisation.objects.get(memberships__pk=city.membership_id or 0)
    policy = write_policy(actor=city, organisation=office, title="架空広域 情報共有の運用ポリシー")
    draft = write_policy_version(actor=city, policy=policy, text=POLICY, valid_from=clock.today())
    version = publish_policy_version(actor=city, version=draft)
    people = unsigned_memberships(version, Organisation.objects.all())
    for membership in people.exclude(user__email=UNSIGNED):
        accept_policy(
            actor=Actor(ActorKind.USER, membership.user_id, membership.pk),
            user=membership.user,
            membership=membership,
            version=version,
            signed_name=membership.user.name,
        )


def _let_offices_join(city: Actor) -> None:
    town = municipalities().get(name="架空市")
    approve_application(actor=city, application=apply_to_join(**APPLICATIONS[0]), area=town)
    station = Organisation.objects.get(name="訪問看護ステーション みなも")
    add_device(actor=city, organisation=station, label="訪問用のスマートフォン 1号")
    for name, profession, reasons, tool, days_ago in OUTSIDE:
        save_outside_office(
            actor=city,
            office=None,
            name=name,
            profession=profession,
            reasons=reasons,
            tool=tool,
            last_contact_on=clock.today() - timedelta(days=days_ago),
        )


def _agree(city: Actor) -> None:
    """架空市 shares its own edition of 情報共有シート with 汐見市, which has taken it up."""
    town, neighbour = municipalities().get(name="架空市"), municipalities().get(name="汐見市")
    agreement = propose_agreement(
        actor=city,
        proposer=town,
        others=[neighbour],
        name="架空市・汐見市 在宅医療・介護連携に関する協定",
        purpose="様式をそろえ、研修と相談窓口を互いに使えるようにする",
        first_day=clock.today(),
    )
    shiomi = viewer_named("shiomi")
    confirm_agreement(actor=shiomi.actor, agreement=agreement, area=neighbour)
    shipped = version_in_force("sharing_sheet")
    draft = create_form(
        actor=city,
        facts=FormFacts("kakuu-sharing", "情報共有シート（架空市版）", area=town),
        questionnaire=shipped.questionnaire,
    )
    version = publish_version(
        actor=city, version=draft, valid_from=clock.today(), issuer="架空市 高齢者支援課"
    )
    share_form(actor=city, form=version.form, agreement=agreement)
    adopt_version(actor=shiomi.actor, version=version, area=neighbour, announcement="連絡会で案内")

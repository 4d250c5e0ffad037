"""T-MCS9: the region's policy and the 誓約書, by version and person."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from psycopg.types.range import Range
from pypdf import PdfReader

from renkei.foundation.accounts.models import (
    OrganisationKind,
    PolicyAcceptance,
    PolicyVersion,
    Role,
)
from renkei.foundation.accounts.queries import policy_to_accept
from renkei.foundation.accounts.services import policies as services
from renkei.foundation.accounts.tests import factories
from renkei.foundation.areas.models import Area, AreaEdge, Hierarchy
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock

pytestmark = pytest.mark.django_db
ACCEPT = "/accounts/policies/accept/"


def office():
    return factories.make_organisation("架空広域連合 事務局", OrganisationKind.WIDE_AREA_UNION)


def published(
    text="知ったことを漏らしません。\n端末に鍵をかけます。", policy=None, area=None, start=None
):
    policy = policy or services.write_policy(
        actor=SYSTEM, organisation=office(), title="架空広域 運用ポリシー", area=area
    )
    draft = services.write_policy_version(
        actor=SYSTEM, policy=policy, text=text, valid_from=start or clock.today()
    )
    return services.publish_policy_version(actor=SYSTEM, version=draft)


def sign(client, name, **extra):
    return client.post(ACCEPT, {"signed_name": name, **extra})


def text_of(response):
    return response.content.decode()


def test_t_mcs9_policy_is_signed_once_per_person_and_asked_again_for_a_new_version(suzuki_client):
    suzuki = factories.viewer_for(factories.suzuki())
    first = published()
    assert policy_to_accept(suzuki) == first
    assert "端末に鍵をかけます。" in text_of(suzuki_client.get(ACCEPT))

    signed = sign(suzuki_client, "鈴木　二葉", next="/register/")

    assert suzuki_client.get(signed["Location"])["Location"] == "/register/"
    assert policy_to_accept(suzuki) is None
    assert policy_to_accept(factories.viewer_for(factories.takahashi())) == first
    second = published(text="新しい取り決め", policy=first.policy)
    assert policy_to_accept(suzuki) == second
    assert "新しい取り決め" in text_of(suzuki_client.get(ACCEPT))
    event = AuditEvent.objects.get(action="policy.accepted")
    assert event.detail == {}


def test_signature_is_one_s_own_name(suzuki_client):
    published()

    refused = sign(suzuki_client, "高橋 三奈")

    assert refused.status_code == 422
    assert "登録されている氏名と同じ氏名を入力してください。" in text_of(refused)
    assert not PolicyAcceptance.objects.exists()


def test_accepting_twice_is_one_signature():
    version, user = published(), factories.suzuki()
    for _ in range(2):
        services.accept_policy(
            actor=SYSTEM,
            user=user,
            membership=user.memberships.get(),
            version=version,
            signed_name="鈴木二葉",
        )

    assert PolicyAcceptance.objects.count() == 1


def test_after_signing_nobody_is_sent_elsewhere(suzuki_client):
    assert suzuki_client.get(f"{ACCEPT}?next=https://evil.example.test/").status_code == 200
    assert suzuki_client.get(f"{ACCEPT}?next=/register/")["Location"] == "/register/"


def test_future_draft_and_withdrawn_versions_are_not_asked():
    suzuki = factories.viewer_for(factories.suzuki())
    future = published(start=clock.today() + timedelta(days=3))
    assert policy_to_accept(suzuki) is None
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        assert policy_to_accept(suzuki) == future

    services.write_policy_version(
        actor=SYSTEM, policy=future.policy, text="下書き", valid_from=clock.today()
    )
    assert policy_to_accept(suzuki) is None
    services.withdraw_policy(actor=SYSTEM, policy=future.policy)
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        assert policy_to_accept(suzuki) is None


def test_families_and_strangers_are_not_asked(django_assert_num_queries):
    published()
    family = factories.viewer_for(factories.member(Role.PERSON_OR_FAMILY))

    with django_assert_num_queries(0):
        assert policy_to_accept(family) is None


def test_nothing_to_sign_costs_one_query(django_assert_num_queries):
    suzuki = factories.viewer_for(factories.suzuki())

    with django_assert_num_queries(1):
        assert policy_to_accept(suzuki) is None


def test_policy_of_an_area_is_asked_of_organisations_in_it_alone():
    union, city, elsewhere = (
        areas.make_area(name=name) for name in ("架空広域", "架空市", "よそ市")
    )
    areas.make_edge(child=city, parent=union)
    inside, outside = factories.suzuki(), factories.tanaka()
    for user, area in ((inside, city), (outside, elsewhere)):
        organisation = user.memberships.get().organisation
        organisation.area = area
        organisation.save()

    version = published(area=union)

    assert policy_to_accept(factories.viewer_for(inside)) == version
    assert policy_to_accept(factories.viewer_for(outside)) is None
    # An organisation that lies nowhere is bound by no area's policy.
    assert policy_to_accept(factories.viewer_for(factories.takahashi())) is None


def test_published_words_never_change():
    version = published()

    with pytest.raises(ValidationError, match="変えられません"):
        services.publish_policy_version(actor=SYSTEM, version=version)
    services.write_policy_version(
        actor=SYSTEM, policy=version.policy, text="次", valid_from=clock.today()
    )
    services.write_policy_version(
        actor=SYSTEM, policy=version.policy, text="次の次", valid_from=clock.today()
    )

    assert list(PolicyVersion.objects.order_by("number").values_list("number", "text")) == [
        (1, version.text),
        (2, "次の次"),
    ]


def test_version_of_the_past_is_not_published():
    policy = services.write_policy(actor=SYSTEM, organisation=office(), title="古い")
    draft = services.write_policy_version(
        actor=SYSTEM, policy=policy, text="文", valid_from=date(2020, 4, 1)
    )

    with pytest.raises(ValidationError, match="今日以降"):
        services.publish_policy_version(actor=SYSTEM, version=draft)


def test_city_writes_publishes_and_withdraws_a_policy(sato_client):
    base = "/accounts/policies/"
    assert "ポリシーはまだありません" in text_of(sato_client.get(base))
    added = sato_client.post(f"{base}add/", {"title": "架空市 運用ポリシー", "area": ""})
    edit = added["Location"]
    assert sato_client.post(edit, {"text": "", "valid_from": "2026"}).status_code == 422
    saved = sato_client.post(
        edit, {"text": "一行目\n二行目", "valid_from": clock.today().isoformat()}
    )
    version = PolicyVersion.objects.get()
    assert "下書き" in text_of(sato_client.get(saved["Location"]))

    sato_client.post(f"/accounts/policy-versions/{version.uid}/publish/")
    again = sato_client.post(f"/accounts/policy-versions/{version.uid}/publish/")
    assert again.status_code == 404
    assert "第1版" in text_of(sato_client.get(base))
    assert "いまの版" in text_of(sato_client.get(saved["Location"]))
    assert "二行目" in text_of(sato_client.get(edit))
    done = sato_client.post(f"{base}{version.policy.uid}/withdraw/", follow=True)

    assert "取り下げたポリシーです" in text_of(done)
    assert sato_client.post(f"{base}add/", {"title": ""}).status_code == 422


def test_publishing_a_stale_draft_says_why(sato_client):
    policy = services.write_policy(actor=SYSTEM, organisation=office(), title="古い")
    draft = services.write_policy_version(
        actor=SYSTEM, policy=policy, text="文", valid_from=date(2020, 4, 1)
    )

    page = sato_client.post(f"/accounts/policy-versions/{draft.uid}/publish/", follow=True)

    assert "今日以降の日付にしてから公開してください。" in text_of(page)


def test_t_mcs9_list_of_who_has_not_signed_is_the_viewer_s_own_people(sato_client, suzuki_client):
    version = published()
    nurse = factories.takahashi()
    station = nurse.memberships.get().organisation
    admin = factories.person("架空 管理", "kanri@example.test", station, Role.ORGANISATION_ADMIN)
    left = factories.make_membership(
        user=factories.make_user(name="架空 去子"),
        organisation=station,
        period=Range(date(2020, 4, 1), date(2021, 4, 1)),
    )
    factories.suzuki()
    sign(suzuki_client, "鈴木二葉")
    address = f"/accounts/policy-versions/{version.uid}/unsigned/"

    own = text_of(factories.sign_in(Client(), admin).get(address))
    everybody = sato_client.get(f"{address}?format=xlsx").content

    assert ("高橋 三奈" in own, "佐藤" in own, left.user.name in own) == (True, False, False)
    rows = openpyxl.load_workbook(io.BytesIO(everybody)).worksheets[0].iter_rows(values_only=True)
    names = [str(row[1]) for row in rows][1:]
    assert sorted(names) == ["佐藤 一郎", "架空 管理", "高橋 三奈"]
    assert "3人" in text_of(sato_client.get("/accounts/policies/in-force/"))


def test_area_policy_lists_only_people_of_that_area(sato_client):
    city = areas.make_area(name="架空市")
    organisation = factories.suzuki().memberships.get().organisation
    organisation.area = city
    organisation.save()
    factories.takahashi()
    version = published(area=city)

    page = text_of(sato_client.get(f"/accounts/policy-versions/{version.uid}/unsigned/"))

    assert ("鈴木" in page, "高橋" in page) == (True, False)


def test_oath_prints_empty_and_with_its_signature(suzuki_client):
    version = published()
    address = f"/accounts/policy-versions/{version.uid}/oath/"
    empty = words_of(suzuki_client.get(address))
    sign(suzuki_client, "鈴木二葉")

    signed = words_of(suzuki_client.get(address))

    assert "氏名（自署）" in empty
    assert "鈴木二葉" in signed
    assert "架空居宅介護支援事業所" in signed
    assert "端末に鍵をかけます。" in signed


def words_of(response):
    assert response["Content-Type"] == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)
    return "".join(text.split())


def test_signed_policies_are_listed_for_their_person(suzuki_client):
    assert "誓約するものはありません" in text_of(suzuki_client.get(ACCEPT))
    published()
    sign(suzuki_client, "鈴木二葉")

    assert "架空広域 運用ポリシー 第1版" in text_of(suzuki_client.get(ACCEPT))
    assert Area.objects.count() == Hierarchy.objects.count() == AreaEdge.objects.count() == 0

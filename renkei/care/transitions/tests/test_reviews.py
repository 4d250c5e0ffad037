"""事例の検証 (T-DNAR1): identifiers are stopped, the event is discussed, counted, and changes something."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from renkei.care.patients.models import Relative
from renkei.care.patients.tests.factories import add_member, make_patient
from renkei.care.transitions.identifiers import identifiers_in, names_of
from renkei.care.transitions.models import (
    EventReview,
    ReviewAction,
    ReviewFinding,
    ReviewPartner,
)
from renkei.care.transitions.queries.reviews import (
    review_actions,
    review_counts,
    review_for,
    reviews_visible_to,
)
from renkei.care.transitions.services import reviews as services
from renkei.care.transitions.services.wish_lifecycle import destroy_wish_plans, move_wish_plans
from renkei.foundation.accounts.models import OrganisationKind, Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.models import Area
from renkei.foundation.areas.tests.factories import make_area
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common.clock import TOKYO
from renkei.foundation.notifications.models import Notification

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=TOKYO)
OCTOBER = date(2026, 10, 1)


@pytest.fixture(autouse=True)
def _at_noon(time_machine):
    time_machine.move_to(NOON, tick=False)


def town() -> Area:
    return Area.objects.filter(name="架空市").first() or make_area(name="架空市")


def dispatch():
    office = accounts.make_organisation("架空消防本部", OrganisationKind.FIRE_DEPARTMENT)
    office.area = town()
    office.save()
    return accounts.person("指令 太郎", "shirei@fire.example.test", office, Role.FIRE_DISPATCH)


def ward():
    office = accounts.make_organisation("架空市立中央病院")
    return accounts.person(
        "木暮 由衣", "kogure@hospital.example.test", office, Role.PROFESSIONAL, "看護師"
    )


def city():
    user = accounts.sato()
    office = user.memberships.get().organisation
    office.area = town()
    office.save()
    return user


def person():
    patient = make_patient(
        name="湊 ハル江", kana="ミナト ハルエ", municipality=town(), phone="0999-12-3456"
    )
    add_member(patient, accounts.takahashi())
    Relative.objects.create(patient=patient, name="沖 なみ", relation="長女")
    return patient


def opened(patient=None, user=None, month=OCTOBER, **answers) -> EventReview:
    return services.open_review(
        viewer=accounts.viewer_for(user or dispatch()), patient=patient, event_month=month,
        own_kind="fire" if user is None else "station", answers=answers,
    )  # fmt: skip


def door(review, user):
    return review_for(accounts.viewer_for(user), review.uid)


def act(name, review, user, /, **values):
    service = getattr(services, name)
    return service(viewer=accounts.viewer_for(user), door=door(review, user), **values)


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_t_dnar1_an_event_is_reviewed_without_identity_counted_and_leaves_an_action(
    takahashi_client, client
):
    patient = person()
    start = takahashi_client.post(
        reverse("transitions:review_open_of", args=[patient.uid]),
        {
            "event_month": "2026-10-01", "own_kind": "station", "place": "own_home",
            "age_band": "85", "record": "yes", "record_seen": "no", "conditions": "yes",
            "doctor_reached": "no", "family_agreed": "yes", "resuscitation": "continued",
            "handed_to": "hospital",
        },
    )  # fmt: skip
    review = EventReview.objects.get()
    page = reverse("transitions:review_detail", args=[review.uid])
    assert start["Location"] == page
    dispatch(), ward()
    for kind, name in (
        ("fire", "架空消防本部"), ("hospital", "架空市立中央病院"), ("home", "架空苑"),
    ):  # fmt: skip
        takahashi_client.post(
            reverse("transitions:review_partner_add", args=[review.uid]),
            {"kind": kind, "name": name},
        )
    accounts.sign_in(client, dispatch())

    # Identifiers are stopped: those of the person, of the family, and whatever looks like one.
    say = reverse("transitions:review_finding_add", args=[review.uid])
    for text in (
        "湊さんの家には記録があった。",
        "ハル江という方の長女の沖なみが出た。",
        "0999-12-3456に電話した。",
        "2026年10月12日の夜だった。",
    ):
        refused = client.post(say, {"kind": "hard", "text": text})
        assert refused.status_code == 422
        assert "だれのことか分かる書き方です" in words(refused)
    assert not ReviewFinding.objects.exists()

    # It is discussed.
    client.post(say, {"kind": "hard", "text": "記録は寝室にあり、本人の枕元では見つからなかった。"})
    hospital = act(
        "record_finding", review, ward(), kind="agreed", text="医師の夜間の番号が古かった。"
    )
    assert hospital.partner.name == "架空市立中央病院"

    # It leaves an action with an owner and a due date.
    fire = review.partners.get(kind="fire")
    client.post(
        reverse("transitions:review_action_add", args=[review.uid]),
        {"text": "記録の置き場所を冷蔵庫に決める", "owner": fire.pk, "due_on": "2026年12月20日"},
    )
    client.post(reverse("transitions:review_close", args=[review.uid]))

    review.refresh_from_db()
    assert review.closed_at is not None
    [action] = review_actions(town(), open_only=True)
    assert (action.owner.name, action.due_on) == ("架空消防本部", date(2026, 12, 20))
    counts = review_counts(town(), since=date(2026, 4, 1), until=date(2027, 3, 31))
    assert (counts.reviews, counts.closed, counts.actions, counts.actions_done) == (1, 1, 1, 0)
    assert counts.answers["doctor_reached"] == {"no": 1}
    # Nobody reads who it was, wherever they look.
    text = words(client.get(page))
    for told in ("湊", "ハル江", "沖 なみ", str(patient.uid)):
        assert told not in text
    assert "寝室にあり" in text


def test_partners_are_told_and_others_find_nothing(takahashi_client, tanaka_client):
    review = opened()
    accounts.takahashi()
    act("add_partner", review, dispatch(), kind="station", name="架空訪問看護ステーション")
    page = reverse("transitions:review_detail", args=[review.uid])

    assert [one.user for one in Notification.objects.all()] == [accounts.takahashi()]
    assert takahashi_client.get(page).status_code == 200
    assert tanaka_client.get(page).status_code == 404
    assert "検証はまだありません" in words(tanaka_client.get(reverse("transitions:review_list")))
    assert review.number in words(takahashi_client.get(reverse("transitions:review_list")))


def test_an_office_takes_part_once_and_one_without_an_account_by_name():
    review = opened()
    act("add_partner", review, dispatch(), kind="home", name="どこにもない施設")

    with pytest.raises(ValidationError, match="すでに検証に加わって"):
        act("add_partner", review, dispatch(), kind="fire", name="架空消防本部")

    assert ReviewPartner.objects.get(kind="home").organisation is None


def test_a_review_ends_with_partners_and_an_action_and_is_then_the_towns_to_read(client):
    review = opened()
    with pytest.raises(ValidationError, match="ほかの機関"):
        act("close_review", review, dispatch())
    other = act("add_partner", review, dispatch(), kind="home", name="架空苑")
    with pytest.raises(ValidationError, match="決めたことを1つ以上"):
        act("close_review", review, dispatch())
    act(
        "decide_action", review, dispatch(), text="施設で研修をする", owner=other,
        due_on=date(2026, 12, 1),
    )  # fmt: skip
    before = reviews_visible_to(accounts.viewer_for(city())).count()

    act("close_review", review, dispatch())

    assert (before, reviews_visible_to(accounts.viewer_for(city())).count()) == (0, 1)
    accounts.sign_in(client, city())
    assert client.get(reverse("transitions:review_detail", args=[review.uid])).status_code == 200
    for name in ("review_finding_add", "review_partner_add", "review_answer"):
        assert client.get(reverse(f"transitions:{name}", args=[review.uid])).status_code == 404
    with pytest.raises(ValidationError, match="終わっています"):
        act("record_finding", review, dispatch(), kind="well", text="よかった")
    done = ReviewAction.objects.get()
    url = reverse("transitions:review_action_done", args=[review.uid, done.uid])
    assert client.get(url).status_code == 404


def test_an_action_is_finished_with_its_result(client):
    review = opened()
    owner = review.partners.get()
    action = act(
        "decide_action", review, dispatch(), text="手順を直す", owner=owner,
        due_on=date(2026, 12, 1),
    )  # fmt: skip
    accounts.sign_in(client, dispatch())
    url = reverse("transitions:review_action_done", args=[review.uid, action.uid])

    late = client.post(url, {"done_on": "2026年11月21日", "result": "直した"})
    named = client.post(url, {"done_on": "2026年11月20日", "result": "山田さんが直した"})
    client.post(url, {"done_on": "2026年11月20日", "result": "直した"})

    action.refresh_from_db()
    assert (late.status_code, named.status_code) == (422, 422)
    assert (action.done_on, action.result) == (date(2026, 11, 20), "直した")
    assert list(review_actions(None, open_only=True)) == []
    until = review_actions(town(), since=NOON.date(), until=NOON.date())
    assert list(until) == [action]


def test_answers_and_the_day_of_the_meeting_are_written(client):
    review = opened(place="own_home", nonsense="x", record="perhaps")
    accounts.sign_in(client, dispatch())
    url = reverse("transitions:review_answer", args=[review.uid])
    form = client.get(url).context["form"]
    data = {name: "unknown" for name in form.fields if name != "held_on"}

    client.post(url, {**data, "record": "no", "held_on": "2026年11月18日"})

    assert review.answers == {"place": "own_home"}
    review.refresh_from_db()
    assert (review.answers["record"], review.held_on) == ("no", date(2026, 11, 18))


def test_only_ones_own_words_are_taken_back(client):
    review = opened()
    ward()
    act("add_partner", review, dispatch(), kind="hospital", name="架空市立中央病院")
    own = act("record_finding", review, dispatch(), kind="well", text="早く着いた")
    others = act("record_finding", review, ward(), kind="hard", text="連絡が遅れた")
    accounts.sign_in(client, dispatch())

    for finding in (own, others):
        url = reverse("transitions:review_finding_take_back", args=[review.uid, finding.uid])
        client.post(url)

    own.refresh_from_db()
    others.refresh_from_db()
    assert own.taken_back_at is not None
    assert others.taken_back_at is None


def test_a_fire_department_begins_a_review_without_a_record(client):
    accounts.sign_in(client, dispatch())
    url = reverse("transitions:review_open")
    form = client.get(url).context["form"]
    data = dict.fromkeys(form.fields, "unknown") | {
        "event_month": "2026-11-01", "own_kind": "fire",
    }  # fmt: skip

    client.post(url, data)

    review = EventReview.objects.get()
    assert (review.patient, review.area) == (None, town())
    detail = AuditEvent.objects.get(action="event_review.opened").detail
    assert detail in (None, {})


def test_what_cannot_be_is_refused(client, takahashi_client):
    with pytest.raises(ValidationError, match="市区町村がわかりません"):
        opened(user=accounts.takahashi())
    with pytest.raises(ValidationError, match="きょうまでの月"):
        opened(month=date(2026, 12, 1))
    review = opened()
    with pytest.raises(ValidationError, match="きょうより後"):
        act(
            "decide_action", review, dispatch(), text="手順を直す",
            owner=review.partners.get(), due_on=date(2026, 11, 19),
        )  # fmt: skip
    form = takahashi_client.get(reverse("transitions:review_open")).context["form"]
    data = dict.fromkeys(form.fields, "unknown") | {
        "event_month": "2026-11-01", "own_kind": "station",
    }  # fmt: skip
    answer = takahashi_client.post(reverse("transitions:review_open"), data)
    assert answer.status_code == 422
    accounts.sign_in(client, dispatch())
    closed = client.post(reverse("transitions:review_close", args=[review.uid]))
    assert closed.status_code == 302
    assert (
        client.get(reverse("transitions:review_action_add", args=[review.uid])).status_code == 200
    )


def test_a_review_outlives_the_record_it_was_about():
    patient, into = person(), make_patient()
    review = opened(patient, user=accounts.takahashi())
    move_wish_plans(patient, into)
    review.refresh_from_db()
    moved = review.patient

    destroy_wish_plans(actor=SYSTEM, patient=into, document_class="emergency")

    review.refresh_from_db()
    assert (moved, review.patient) == (into, None)


def test_t_dnar1_nobody_finds_out_by_trying_whose_event_it_was():
    """What is refused says that it was right: five times a day and no more, and it is kept."""
    review = opened(person(), user=accounts.takahashi())
    act("add_partner", review, accounts.takahashi(), kind="fire", name=office_of(dispatch()))
    names = ["山本", "湊 ハル江", "中村", "沖なみ", "ミナト", "ハル江", "湊ハル江", "湊 ハル江"]
    answers = []
    for name in names:
        try:
            act("record_finding", review, dispatch(), kind="well", text=f"{name}と聞いた。")
        except ValidationError as error:
            answers.append(error.messages[0][:12])
        else:
            answers.append("")

    assert [bool(answer) for answer in answers] == [False, True, False, *[True] * 5]
    assert "書けません" in "".join(last_words(review, "こどもの頃の話"))
    assert AuditEvent.objects.filter(action="event_review.identity_refused").count() == 5
    # The others of the review go on.
    act("record_finding", review, accounts.takahashi(), kind="well", text="連絡が早かった。")


def office_of(user) -> str:
    return str(user.memberships.get().organisation.name)


def last_words(review, text) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        act("record_finding", review, dispatch(), kind="well", text=text)
    return refused.value.messages


@pytest.mark.parametrize(
    "text",
    [
        "山田さんが倒れた",
        "ヤマダ様のお宅",
        "昭和12年3月4日生まれ",
        "2026-10-12に出動",
        "0999-12-3456にかけた",
        "北浜1-2-3",
        "3丁目の家",
        "被保険者番号1234567890",
        "a@example.test",
    ],
)
def test_what_looks_like_an_identifier_is_found(text):
    assert identifiers_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "患者さんの家族が電話した。ご本人の意思は伝わっていた。",
        "医師に3回電話し、45分後につながった。",
        "119番の12分後に着いた。95%の酸素。",
        "看護師さんが先に着いた。",
    ],
)
def test_ordinary_words_pass(text):
    assert identifiers_in(text, names_of("森 直")) == []


def test_a_name_of_one_sign_is_only_stopped_whole():
    assert names_of("森 直子") == ["森 直子", "直子"]
    assert identifiers_in("森直子の家", names_of("森 直子"))

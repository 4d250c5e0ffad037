"""Doctors who stand in for each other, and hospitals that stand ready, in 架空広域."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from renkei.care.patients.models import Patient
from renkei.care.transitions.duty_times import instant_of
from renkei.care.transitions.emergency_states import CallStep, RefusalReason, Vehicle
from renkei.care.transitions.models import Channel, Doctor, DoctorPair
from renkei.care.transitions.pair_states import Audience, PairStep
from renkei.care.transitions.queries.emergencies import agreement_of
from renkei.care.transitions.services.absences import record_absence, record_office_absence
from renkei.care.transitions.services.doctors import (
    NewDoctor,
    confirm_notice,
    propose_pair,
    record_deputy_call,
    save_doctor,
    take_step,
)
from renkei.care.transitions.services.emergencies import (
    HospitalChoice,
    Terms,
    agree,
    confirm_agreement_notice,
)
from renkei.care.transitions.services.emergency_calls import Why, call_hospital, take_call_step
from renkei.care.transitions.services.told import Answer
from renkei.demo.care import viewer_named
from renkei.foundation.accounts.models import Organisation
from renkei.foundation.common import clock

Say = Callable[[str], None]
CLINIC_HOURS: Final = {str(day): [["9:00", "12:00"], ["14:00", "18:00"]] for day in range(5)}
OUTSIDE: Final = HospitalChoice(name="となり県の架空総合病院", phone="0999-09-8000")
FAMILY: Final = Answer(Channel.PHONE, "ご家族")
DUTY_DOCTOR: Final = "磯谷 航"
TERMS: Final = Terms(
    beds="地域包括ケア病棟 2床",
    hours="24時間（夜間は当直医が受ける）",
    not_accepted="人工呼吸器の調整が要るとき",
    transport="救急車。歩けるときは家族の車",
    information="救急シートと薬の一覧をFAX 0999-00-7099へ",
)


@transaction.atomic
def keep_doctors(patients: Sequence[Patient], say: Say) -> None:
    """One pair everybody knows, one not yet, one asked for; absences; hospitals and their calls."""
    main, deputy = _doctors()
    _pair(patients[0], main, deputy, tell=Audience)
    _pair(patients[1], main, deputy, tell=(Audience.CARE_MANAGER, Audience.STATION))
    omori = viewer_named("omori")
    propose_pair(viewer=omori, patient=patients[2], main=main, deputy=deputy)
    _absences(main, deputy)
    _hospitals(patients)
    say("主治医・副主治医の組3つと、急変時の病院2つを用意しました")


def _doctors() -> tuple[Doctor, Doctor]:
    main = save_doctor(
        viewer=viewer_named("shirai"),
        doctor=None,
        new=NewDoctor(
            name="白井 透",
            phone="0999-00-2045",
            may_be_deputy=True,
            weekly_hours=CLINIC_HOURS,
            area_note="架空市の東部",
            most_patients=20,
        ),
    )
    deputy = save_doctor(
        viewer=viewer_named("chidori"),
        doctor=None,
        new=NewDoctor(
            name=DUTY_DOCTOR,
            phone="0999-00-7011",
            may_be_deputy=True,
            takes_nights=True,
            area_note="架空市・汐見市",
        ),
    )
    return main, deputy


def _pair(
    patient: Patient, main: Doctor, deputy: Doctor, *, tell: Sequence[Audience] | type[Audience]
) -> DoctorPair:
    omori = viewer_named("omori")
    begun = _days_ago(40)
    with clock.told_at(begun):
        pair = propose_pair(viewer=omori, patient=patient, main=main, deputy=deputy)
    with clock.told_at(begun + timedelta(hours=2)):
        take_step(viewer=viewer_named("shirai"), pair=pair, step=PairStep.MAIN_AGREES)
    with clock.told_at(begun + timedelta(days=1)):
        take_step(viewer=viewer_named("chidori"), pair=pair, step=PairStep.DEPUTY_AGREES)
    with clock.told_at(begun + timedelta(days=2)):
        take_step(
            viewer=omori,
            pair=pair,
            step=PairStep.PATIENT_AGREES,
            channel=Channel.MEETING,
            person_name=patient.name,
        )
        pair = take_step(viewer=omori, pair=pair, step=PairStep.STARTS)
        for audience in tell:
            local, answer = _who_says(audience)
            confirm_notice(viewer=viewer_named(local), pair=pair, audience=audience, answer=answer)
    called_at = _days_ago(12) + timedelta(hours=9)
    with clock.told_at(called_at + timedelta(hours=3)):
        record_deputy_call(
            viewer=viewer_named("hayakawa"),
            pair=pair,
            at=called_at,
            went=deputy,
            reason="夜間の発熱。主治医は学会で不在",
            outcome="往診し、翌朝まで家で様子を見た",
        )
    return pair


def _who_says(audience: Audience) -> tuple[str, Answer]:
    own = {Audience.CARE_MANAGER: "omori", Audience.STATION: "hayakawa"}
    if audience in own:
        return own[audience], Answer(Channel.SYSTEM)
    return "hayakawa", FAMILY


def _absences(main: Doctor, deputy: Doctor) -> None:
    """The main doctor is away for two days; at the end of the year the clinic rests."""
    shirai, chidori = viewer_named("shirai"), viewer_named("chidori")
    day = clock.today() + timedelta(days=1)
    record_absence(
        viewer=shirai,
        doctor=main,
        starts_at=instant_of(day, 12 * 60),
        ends_at=instant_of(day + timedelta(days=2), 9 * 60),
    )
    # Both of them on one evening: the board names it as a hole.
    record_absence(
        viewer=chidori,
        doctor=deputy,
        starts_at=instant_of(day, 19 * 60),
        ends_at=instant_of(day, 21 * 60),
    )
    rest = clock.today().replace(month=12, day=29)
    record_office_absence(
        viewer=shirai,
        starts_at=instant_of(rest, 0),
        ends_at=instant_of(rest + timedelta(days=6), 0),
    )


def _hospitals(patients: Sequence[Patient]) -> None:
    omori = viewer_named("omori")
    central = HospitalChoice(organisation=Organisation.objects.get(name="架空市立中央病院"))
    answer = Answer(Channel.PHONE, "地域連携室 千鳥")
    with clock.told_at(_days_ago(60)):
        agreement = agree(
            viewer=omori,
            patient=patients[0],
            hospital=central,
            terms=TERMS,
            confirmed_on=clock.today(),
            answer=answer,
        )
        for audience in Audience:
            local, told = _who_says(audience)
            confirm_agreement_notice(
                viewer=viewer_named(local), agreement=agreement, audience=audience, answer=told
            )
    with clock.told_at(_days_ago(210)):
        agree(
            viewer=omori,
            patient=patients[1],
            hospital=OUTSIDE,
            terms=Terms(hours="平日 9:00～17:00"),
            confirmed_on=clock.today(),
            answer=Answer(Channel.PHONE, "医事課"),
        )
    _night(patients[0], central)


def _night(patient: Patient, central: HospitalChoice) -> None:
    """The agreed hospital was full at first; another one took the person in for two nights."""
    hayakawa = viewer_named("hayakawa")
    began = _days_ago(30) + timedelta(hours=14)
    status = agreement_of(patient)
    with clock.told_at(began):
        full = call_hospital(
            viewer=hayakawa,
            patient=patient,
            hospital=central,
            reason="息が苦しい",
            agreement=status.agreement if status else None,
        )
        other = call_hospital(
            viewer=hayakawa, patient=patient, hospital=OUTSIDE, reason="息が苦しい"
        )
    answer = Answer(Channel.PHONE, "当直の医師")
    with clock.told_at(began + timedelta(minutes=6)):
        take_call_step(
            viewer=hayakawa,
            call=full,
            step=CallStep.REFUSE,
            answer=answer,
            why=Why(refusal=RefusalReason.NO_BED, note="朝には空く見込み"),
        )
    for minutes, step, why in (
        (9, CallStep.ACCEPT, None),
        (25, CallStep.TRANSPORT, Why(vehicle=Vehicle.AMBULANCE)),
        (80, CallStep.ADMIT, None),
        (2900, CallStep.RETURN, None),
    ):
        with clock.told_at(began + timedelta(minutes=minutes)):
            take_call_step(viewer=hayakawa, call=other, step=step, answer=answer, why=why)


def _days_ago(days: int) -> datetime:
    return instant_of(clock.today() - timedelta(days=days), 10 * 60)

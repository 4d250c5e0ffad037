"""One of 様 and 御中, never both."""

from __future__ import annotations

import pytest

from renkei.foundation.papers.honorifics import addressed


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("架空 次郎", "架空 次郎　様"),
        ("地域連携室", "地域連携室　御中"),
        ("地域医療部　入退院支援室", "地域医療部　入退院支援室　御中"),
        ("地域連携室 服部", "地域連携室 服部　様"),
        ("看護部", "看護部　御中"),
        ("内科", "内科　御中"),
        ("長谷部", "長谷部　様"),
        ("小室", "小室　様"),
        ("仁科", "仁科　様"),
        ("医事課", "医事課　御中"),
        ("3階病棟", "3階病棟　御中"),
        ("ご担当者様", "ご担当者様"),
        ("架空先生", "架空先生"),
        ("地域連携室御中", "地域連携室御中"),
    ],
)
def test_a_person_is_sama_and_an_office_is_onchu(name, written):
    assert addressed(name=name, organisation="架空市立病院") == ("架空市立病院", written)


def test_an_organisation_alone_is_addressed_itself():
    assert addressed(name="", organisation="架空市立病院") == ("架空市立病院　御中", "")
    assert addressed(name="", organisation="架空市立病院御中") == ("架空市立病院御中", "")

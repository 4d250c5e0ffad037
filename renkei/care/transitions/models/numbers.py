"""What a stay counts for: a copy of what its facts amount to, for the numbers."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from renkei.care.transitions.models.cases import CoordinationCase, PatientClass
from renkei.care.transitions.models.rules import RuleVersion
from renkei.foundation.accounts.models import Organisation
from renkei.foundation.areas.models import Area


class CaseCount(models.Model):
    """One stay in the numbers: where it stands in which of them, under the rule it goes by.

    Days, places and marks only. ``services.numbers.count_case`` alone writes it, with the copies
    of the stay; reading the numbers never reads a fact.
    """

    case = models.OneToOneField(
        CoordinationCase, models.CASCADE, primary_key=True, related_name="counted"
    )
    rule_version = models.ForeignKey(
        RuleVersion, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Where the person lives; where nobody knows that, the host's.
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="圏域"
    )
    hospital = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="病院"
    )
    hospital_name = models.CharField("病院の名称", max_length=200)
    care_office = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="ケアマネの事業所",
    )
    care_office_name = models.CharField("ケアマネの事業所の名称", max_length=200, blank=True)
    patient_class = models.CharField("区分（A・B）", max_length=8, choices=PatientClass)
    # numbers.LevelGroup on the day of discharge, before it on that of admission.
    level = models.CharField("要介護度の区分", max_length=8)
    admitted_on = models.DateField("入院日", null=True, blank=True)
    discharged_on = models.DateField("退院日", null=True, blank=True)
    # numbers.Marks.
    by_admission = ArrayField(models.CharField(max_length=40), verbose_name="入院で数える指標")
    by_discharge = ArrayField(models.CharField(max_length=40), verbose_name="退院で数える指標")
    lead_days = models.IntegerField("連絡リード日数", null=True, blank=True)
    leak_reason = models.CharField("もれの理由", max_length=2, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["area", "admitted_on"], name="count_area_admission"),
            models.Index(fields=["area", "discharged_on"], name="count_area_discharge"),
            models.Index(fields=["hospital", "admitted_on"], name="count_hospital_admission"),
            models.Index(fields=["hospital", "discharged_on"], name="count_hospital_discharge"),
            models.Index(fields=["care_office", "admitted_on"], name="count_office_admission"),
            models.Index(fields=["care_office", "discharged_on"], name="count_office_discharge"),
        )

    def __str__(self) -> str:
        return f"入退院の数 {self.pk}"

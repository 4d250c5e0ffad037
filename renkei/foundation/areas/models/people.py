"""How many people live in an area, how many will, and how many are insured or certified."""

from __future__ import annotations

from django.db import models

from renkei.foundation.areas.models.places import Area


class Sex(models.TextChoices):
    """As the resident register counts; both together include those of no stated sex."""

    BOTH = "both", "計"
    MALE = "male", "男"
    FEMALE = "female", "女"


class Population(models.Model):
    """Registered residents of one age class and sex on one day. Without ages: the total."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="populations")
    # Empty where the source does not say it.
    as_of = models.DateField("基準日", null=True, blank=True)
    sex = models.CharField("性別", max_length=6, choices=Sex)
    # Both empty: all ages; only the upper end empty: "100歳以上".
    age_from = models.PositiveSmallIntegerField("年齢（下限）", null=True, blank=True)
    age_to = models.PositiveSmallIntegerField("年齢（上限）", null=True, blank=True)
    count = models.PositiveIntegerField("人数")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["area", "as_of", "sex", "age_from"],
                nulls_distinct=False,
                name="population_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.area} {self.as_of}"


class Projection(models.Model):
    """Projected population of one area in one year (国立社会保障・人口問題研究所)."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="projections")
    year = models.PositiveSmallIntegerField("年")
    # Each column comes from its own file, so each may be missing.
    total = models.PositiveIntegerField("総人口", null=True, blank=True)
    share_65 = models.FloatField("65歳以上の割合（％）", null=True, blank=True)
    share_75 = models.FloatField("75歳以上の割合（％）", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["area", "year"], name="projection_once_a_year"),
        )

    def __str__(self) -> str:
        return f"{self.area} {self.year}"


class Insurer(models.Model):
    """介護保険の保険者: a municipality, or a union whose members are edges of 広域連合."""

    prefecture_code = models.CharField("都道府県番号", max_length=2)
    name = models.CharField("保険者名", max_length=120)
    # The national tables carry no numbers; unions have numbers of their own.
    number = models.CharField("保険者番号", max_length=6, blank=True)
    # Empty until somebody says which area a name like 〇〇広域連合 stands for.
    area = models.ForeignKey(Area, models.PROTECT, related_name="insurers", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["prefecture_code", "name"], name="insurer_one_per_prefecture_and_name"
            ),
        )

    def __str__(self) -> str:
        return self.name


class InsuredCount(models.Model):
    """第1号被保険者数 at the end of a fiscal year."""

    insurer = models.ForeignKey(Insurer, models.CASCADE, related_name="insured_counts")
    # The national table says 「年度末現在」 without the year: empty until stated at import.
    as_of = models.DateField("基準日", null=True, blank=True)
    total = models.PositiveIntegerField("計")
    aged_65_to_74 = models.PositiveIntegerField("65歳以上75歳未満")
    aged_75_to_84 = models.PositiveIntegerField("75歳以上85歳未満")
    aged_85_over = models.PositiveIntegerField("85歳以上")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["insurer", "as_of"], nulls_distinct=False, name="insured_count_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.insurer} {self.as_of}"


class CertifiedCount(models.Model):
    """要介護（要支援）認定者数 of one insured class at the end of a fiscal year, by level."""

    insurer = models.ForeignKey(Insurer, models.CASCADE, related_name="certified_counts")
    as_of = models.DateField("基準日", null=True, blank=True)
    # As printed over the columns: 「総数」「（再掲）第１号被保険者」…
    insured_class = models.CharField("被保険者の区分", max_length=60)
    support_1 = models.PositiveIntegerField("要支援1")
    support_2 = models.PositiveIntegerField("要支援2")
    care_1 = models.PositiveIntegerField("要介護1")
    care_2 = models.PositiveIntegerField("要介護2")
    care_3 = models.PositiveIntegerField("要介護3")
    care_4 = models.PositiveIntegerField("要介護4")
    care_5 = models.PositiveIntegerField("要介護5")
    total = models.PositiveIntegerField("合計")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["insurer", "as_of", "insured_class"],
                nulls_distinct=False,
                name="certified_count_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.insurer} {self.insured_class}"

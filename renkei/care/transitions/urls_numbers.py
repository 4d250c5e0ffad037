"""Addresses of the numbers."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.care.transitions.views import night_numbers, numbers, surveys

urlpatterns: list[URLPattern] = [
    path("numbers/", numbers.numbers, name="numbers"),
    path("numbers/numbers.xlsx", numbers.numbers_xlsx, name="numbers_xlsx"),
    path("numbers/nights/", night_numbers.night_numbers, name="night_numbers"),
    path("numbers/survey/", surveys.survey, name="survey"),
    path("numbers/survey/survey.xlsx", surveys.survey_xlsx, name="survey_xlsx"),
    path("numbers/survey/survey.pdf", surveys.survey_pdf, name="survey_pdf"),
]

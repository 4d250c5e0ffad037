"""Addresses of the programme's money."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.programme.planning.views import money

HERE = "plans/<uuid:plan_uid>/money/"
LINE = f"{HERE}lines/<uuid:line_uid>/"

urlpatterns: list[URLPattern] = [
    path(HERE, money.money, name="money"),
    path(f"{HERE}outcomes/", money.money_outcomes, name="money_outcomes"),
    path(f"{HERE}workbook.xlsx", money.money_workbook, name="money_workbook"),
    path(f"{HERE}import/", money.money_import, name="money_import"),
    path(f"{HERE}add/", money.money_add, name="money_add"),
    path(LINE, money.money_edit, name="money_edit"),
    path(f"{LINE}remove/", money.money_remove, name="money_remove"),
]

"""Addresses of 看取りと意思の確認 and of 事例の検証."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.care.transitions.views import end_of_life, reviews

PERSON = "patients/<uuid:patient_uid>/wishes/"
CONDITIONS = "wish-conditions/"
REVIEW = "reviews/<uuid:review_uid>/"

urlpatterns: list[URLPattern] = [
    path(PERSON, end_of_life.person_end_of_life, name="person_end_of_life"),
    path(f"{PERSON}facts/<slug:code>/add/", end_of_life.wish_fact_add, name="wish_fact_add"),
    path(
        f"{PERSON}facts/<uuid:fact_uid>/take-back/",
        end_of_life.wish_fact_take_back,
        name="wish_fact_take_back",
    ),
    path(f"{PERSON}sheet/", end_of_life.wish_sheet, name="wish_sheet"),
    path(f"{PERSON}review/", reviews.review_open_of, name="review_open_of"),
    path(CONDITIONS, end_of_life.conditions_list, name="conditions_list"),
    path(f"{CONDITIONS}add/", end_of_life.conditions_add, name="conditions_add"),
    path(
        f"{CONDITIONS}<uuid:edition_uid>/edit/", end_of_life.conditions_edit, name="conditions_edit"
    ),
    path(
        f"{CONDITIONS}<uuid:edition_uid>/publish/",
        end_of_life.conditions_publish,
        name="conditions_publish",
    ),
    path("reviews/", reviews.review_list, name="review_list"),
    path("reviews/open/", reviews.review_open, name="review_open"),
    path(REVIEW, reviews.review_detail, name="review_detail"),
    path(f"{REVIEW}partners/add/", reviews.review_partner_add, name="review_partner_add"),
    path(f"{REVIEW}answers/", reviews.review_answer, name="review_answer"),
    path(f"{REVIEW}findings/add/", reviews.review_finding_add, name="review_finding_add"),
    path(
        f"{REVIEW}findings/<uuid:finding_uid>/take-back/",
        reviews.review_finding_take_back,
        name="review_finding_take_back",
    ),
    path(f"{REVIEW}actions/add/", reviews.review_action_add, name="review_action_add"),
    path(
        f"{REVIEW}actions/<uuid:action_uid>/done/",
        reviews.review_action_done,
        name="review_action_done",
    ),
    path(f"{REVIEW}close/", reviews.review_close, name="review_close"),
]

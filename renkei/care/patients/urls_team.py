"""Addresses of the care team."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.care.patients.views import team

ONE = "<uuid:patient_uid>/"
MEMBER = f"{ONE}team/<uuid:member_uid>/"
urlpatterns: list[URLPattern] = [
    path("invitations/<uuid:member_uid>/", team.invitation_answer, name="invitation_answer"),
    path(f"{ONE}team/", team.team_detail, name="team_detail"),
    path(f"{ONE}team/invite/", team.member_invite, name="member_invite"),
    path(f"{ONE}team/settings/", team.team_settings, name="team_settings"),
    path(f"{ONE}team/host/", team.host_change, name="host_change"),
    path(f"{MEMBER}withdraw/", team.invitation_withdraw, name="invitation_withdraw"),
    path(f"{MEMBER}end/", team.member_end, name="member_end"),
    path(f"{MEMBER}hand-over/", team.member_hand_over, name="member_hand_over"),
    path(f"{MEMBER}arrange/", team.member_arrange, name="member_arrange"),
    path(f"{ONE}family/invite/", team.family_invite, name="family_invite"),
    path(f"{ONE}family/invitations/<uuid:invitation_uid>/", team.family_sheet, name="family_sheet"),
    path(f"{ONE}family/<uuid:member_uid>/remove/", team.family_remove, name="family_remove"),
]

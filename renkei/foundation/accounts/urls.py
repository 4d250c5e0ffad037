from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from renkei.foundation.accounts.views import (
    agreements,
    devices,
    invitations,
    joining,
    own,
    people,
    policies,
    transfers,
)

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", own.home, name="home"),
    path("start/", own.start, name="start"),
    path("second-factor/", own.second_factor_setup, name="second_factor_setup"),
    path(
        "memberships/<uuid:membership_uid>/choose/", own.membership_choose, name="membership_choose"
    ),
    path("memberships/<uuid:membership_uid>/end/", people.membership_end, name="membership_end"),
    path("memberships/<uuid:membership_uid>/role/", people.membership_role, name="membership_role"),
    path(
        "memberships/<uuid:membership_uid>/renew/", people.membership_renew, name="membership_renew"
    ),
    path("memberships/<uuid:membership_uid>/lost/", people.membership_lost, name="membership_lost"),
    path("invitation/", invitations.invitation_enter, name="invitation_enter"),
    path("invitation/<str:code>/", invitations.invitation_accept, name="invitation_accept"),
    path("invitations/<uuid:invitation_uid>/", people.invitation_sheet, name="invitation_sheet"),
    path(
        "invitations/<uuid:invitation_uid>/revoke/",
        people.invitation_revoke,
        name="invitation_revoke",
    ),
    path("organisations/", people.organisation_list, name="organisation_list"),
    path("organisations/add/", people.organisation_add, name="organisation_add"),
    path(
        "organisations/<uuid:organisation_uid>/",
        people.organisation_detail,
        name="organisation_detail",
    ),
    path(
        "organisations/<uuid:organisation_uid>/edit/",
        people.organisation_edit,
        name="organisation_edit",
    ),
    path(
        "organisations/<uuid:organisation_uid>/invite/",
        people.invitation_add,
        name="invitation_add",
    ),
    path("agreements/", agreements.agreement_list, name="agreement_list"),
    path("agreements/add/", agreements.agreement_add, name="agreement_add"),
    path("agreements/<uuid:agreement_uid>/", agreements.agreement_detail, name="agreement_detail"),
    path(
        "agreements/<uuid:agreement_uid>/invite/",
        agreements.agreement_invite,
        name="agreement_invite",
    ),
    path(
        "agreements/<uuid:agreement_uid>/confirm/",
        agreements.agreement_confirm,
        name="agreement_confirm",
    ),
    path(
        "agreements/<uuid:agreement_uid>/refuse/",
        agreements.agreement_refuse,
        name="agreement_refuse",
    ),
    path(
        "agreements/<uuid:agreement_uid>/leave/",
        agreements.agreement_leave,
        name="agreement_leave",
    ),
    path("agreements/<uuid:agreement_uid>/end/", agreements.agreement_end, name="agreement_end"),
    path("policies/", policies.policy_list, name="policy_list"),
    path("policies/add/", policies.policy_add, name="policy_add"),
    path("policies/accept/", policies.policy_accept, name="policy_accept"),
    path("policies/in-force/", policies.policy_in_force_list, name="policy_in_force_list"),
    path("policies/<uuid:policy_uid>/", policies.policy_detail, name="policy_detail"),
    path(
        "policies/<uuid:policy_uid>/edit/", policies.policy_version_edit, name="policy_version_edit"
    ),
    path("policies/<uuid:policy_uid>/withdraw/", policies.policy_withdraw, name="policy_withdraw"),
    path(
        "policy-versions/<uuid:version_uid>/publish/",
        policies.policy_version_publish,
        name="policy_version_publish",
    ),
    path(
        "policy-versions/<uuid:version_uid>/unsigned/",
        policies.policy_unsigned,
        name="policy_unsigned",
    ),
    path("policy-versions/<uuid:version_uid>/oath/", policies.oath_file, name="oath_file"),
    path("joining/apply/", joining.joining_apply, name="joining_apply"),
    path("joining/status/", joining.joining_status, name="joining_status"),
    path("joining/application/", joining.joining_application, name="joining_application"),
    path("joining/", joining.joining_list, name="joining_list"),
    path("joining/<uuid:application_uid>/", joining.joining_detail, name="joining_detail"),
    path("joining/participants/", devices.participant_list, name="participant_list"),
    path("joining/outside/", devices.outside_list, name="outside_list"),
    path("joining/outside/add/", devices.outside_edit, name="outside_add"),
    path("joining/outside/<uuid:office_uid>/", devices.outside_edit, name="outside_edit"),
    path(
        "joining/outside/<uuid:office_uid>/remove/", devices.outside_remove, name="outside_remove"
    ),
    path("device/", devices.device_register, name="device_register"),
    path("devices/report/", devices.device_report, name="device_report"),
    path("devices/<uuid:device_uid>/revoke/", devices.device_revoke, name="device_revoke"),
    path("organisations/<uuid:organisation_uid>/devices/", devices.device_list, name="device_list"),
    path("transfers/", transfers.transfer_list, name="transfer_list"),
    path("transfers/add/", transfers.transfer_add, name="transfer_add"),
    path("transfers/template/", transfers.transfer_template, name="transfer_template"),
    path("transfers/<uuid:transfer_uid>/", transfers.transfer_detail, name="transfer_detail"),
    path("transfers/<uuid:transfer_uid>/plan/", transfers.transfer_plan, name="transfer_plan"),
    path(
        "transfers/<uuid:transfer_uid>/withdraw/",
        transfers.transfer_withdraw,
        name="transfer_withdraw",
    ),
    path("orphans/", transfers.orphan_list, name="orphan_list"),
    path("dormant/", transfers.dormant_list, name="dormant_list"),
]

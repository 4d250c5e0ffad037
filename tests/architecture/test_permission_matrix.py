"""Who may open which address: every role × every URL, and T-P1.

**Adding a page?** Add one row to ``MATRIX``: the URL's name and who may open it, one of

- ``ANYBODY``: residents' pages, without an account;
- ``SIGN_IN``: pages of signing in and of one's own sign-in, guarded by allauth itself;
- ``OWN``: any signed-in account, for itself;
- a set of roles, usually one of those below.

A staff page is a view under ``@staff_page(rule)`` (renkei.foundation.accounts.access); the test
asks its rule about every role and tries the address with every role it is closed to. A URL with
groups of a regular expression also needs a line in ``SAMPLES``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.second_factor import requires_second_factor
from renkei.foundation.accounts.tests import factories
from renkei.foundation.accounts.viewers import Viewer

ANYBODY, SIGN_IN, OWN = "anybody", "sign-in", "own"

STAFF = frozenset(set(Role) - {Role.RESIDENT, Role.PERSON_OR_FAMILY})
CITY = frozenset({Role.MUNICIPAL_STAFF})
CITY_OR_OPERATOR = frozenset({Role.MUNICIPAL_STAFF, Role.OPERATOR})
CITY_OR_DESK = frozenset({Role.MUNICIPAL_STAFF, Role.DESK})
PEOPLE = frozenset({Role.MUNICIPAL_STAFF, Role.OPERATOR, Role.ORGANISATION_ADMIN})
# Works in care teams; whose record, the visibility of persons decides.
TEAM = frozenset({Role.PROFESSIONAL, Role.SHARING_HOST, Role.ORGANISATION_ADMIN, Role.DESK})
# The team, and family in their own room.
TAKES_PART = TEAM_OR_FAMILY = TEAM | {Role.PERSON_OR_FAMILY}
# Who stands at the copier of an office.
PAPERS = TEAM | CITY
WATCHERS = frozenset({Role.PRIVACY_OFFICER, Role.OPERATOR})
AGREEMENT_ACTS = ("list", "add", "detail", "confirm", "refuse", "leave", "end")
OFFICER = frozenset({Role.PRIVACY_OFFICER})
RESCUERS = TEAM_OR_FAMILY | {Role.FIRE_DISPATCH, Role.MUNICIPAL_STAFF}
TONIGHT = "tonight person_tonight person_tonight_edit roster_list roster_week roster_edit"
TONIGHT += " roster_end roster_day roster_pattern roster_copy roster_file"

MATRIX: dict[str, str | frozenset[Role]] = {
    "healthz": ANYBODY,
    # patients: emergencies, wishes, cards, the read log
    "patients:emergency_screen": RESCUERS,
    "patients:emergency_sheet": RESCUERS,
    "patients:emergency_edit": TEAM,
    "patients:wish_list": TEAM_OR_FAMILY,
    "patients:wish_add": TEAM_OR_FAMILY,
    "patients:wish_share": TEAM_OR_FAMILY,
    "patients:wish_keep_private": TEAM_OR_FAMILY,
    "patients:wish_withdraw": TEAM_OR_FAMILY,
    "patients:wish_confirm": TEAM,
    "patients:card_list": TEAM,
    "patients:card_issue": TEAM,
    "patients:card_print": TEAM,
    "patients:card_file": TEAM,
    "patients:card_kit": TEAM,
    "patients:card_revoke": TEAM,
    "patients:read_log": TEAM_OR_FAMILY | OFFICER,
    "patients:read_log_xlsx": TEAM_OR_FAMILY | OFFICER,
    "patients:read_log_pdf": TEAM_OR_FAMILY | OFFICER,
    "patients:read_log_choice": CITY,
    "patients:break_glass": (TEAM - {Role.DESK}) | {Role.FIRE_DISPATCH},
    "patients:break_glass_reviews": OFFICER,
    "patients:break_glass_review": OFFICER,
    "patients:patient_end": TEAM,
    "patients:patient_reopen": TEAM,
    "patients:retention_edit": CITY,
    "patients:disposal_list": OFFICER,
    "patients:disposal_decide": OFFICER,
    "patients:disposal_certificate": OFFICER,
    "patients:disaster_modes": CITY | OFFICER,
    "patients:disaster_ask": CITY | OFFICER,
    "patients:disaster_detail": CITY | OFFICER,
    "patients:disaster_approve": CITY | OFFICER,
    "patients:disaster_end": CITY | OFFICER,
    "patients:disaster_list": RESCUERS - {Role.PERSON_OR_FAMILY},
    "patients:disaster_list_xlsx": RESCUERS - {Role.PERSON_OR_FAMILY},
    "patients:disaster_list_pdf": RESCUERS - {Role.PERSON_OR_FAMILY},
    "patients:disclosure_table": CITY | {Role.COUNCIL_MEMBER},
    "patients:disclosure_propose": CITY | {Role.COUNCIL_MEMBER},
    "patients:disclosure_version": CITY | {Role.COUNCIL_MEMBER},
    "patients:disclosure_approve": CITY | {Role.COUNCIL_MEMBER},
    "patients:disclosure_refuse": CITY | {Role.COUNCIL_MEMBER},
    **{f"transitions:{name}": TEAM for name in TONIGHT.split()},
    "emergency:desk": frozenset({Role.FIRE_DISPATCH}),
    "emergency:card": ANYBODY,
    # accounts
    "accounts:home": OWN,
    "accounts:start": OWN,
    "accounts:membership_choose": OWN,
    "accounts:second_factor_setup": SIGN_IN,
    "accounts:invitation_enter": ANYBODY,
    "accounts:invitation_accept": ANYBODY,
    "accounts:organisation_list": PEOPLE,
    "accounts:organisation_detail": PEOPLE,
    "accounts:organisation_add": CITY_OR_OPERATOR,
    "accounts:organisation_edit": CITY_OR_OPERATOR,
    "accounts:invitation_add": PEOPLE,
    "accounts:invitation_sheet": PEOPLE,
    "accounts:invitation_revoke": PEOPLE,
    "accounts:membership_end": PEOPLE,
    "accounts:membership_role": PEOPLE,
    "accounts:membership_renew": PEOPLE,
    "accounts:membership_lost": PEOPLE,
    "accounts:joining_apply": ANYBODY,
    "accounts:joining_status": ANYBODY,
    "accounts:joining_application": ANYBODY,
    "accounts:joining_list": CITY,
    "accounts:joining_detail": CITY,
    "accounts:participant_list": CITY,
    "accounts:outside_list": CITY,
    "accounts:outside_add": CITY,
    "accounts:outside_edit": CITY,
    "accounts:outside_remove": CITY,
    "accounts:device_register": STAFF,
    "accounts:device_report": PEOPLE,
    "accounts:device_revoke": PEOPLE,
    "accounts:device_list": PEOPLE,
    "accounts:transfer_list": PEOPLE,
    "accounts:transfer_add": PEOPLE,
    "accounts:transfer_template": PEOPLE,
    "accounts:transfer_detail": PEOPLE,
    "accounts:transfer_plan": PEOPLE,
    "accounts:transfer_withdraw": PEOPLE,
    "accounts:orphan_list": PEOPLE,
    "accounts:dormant_list": PEOPLE,
    "accounts:policy_accept": OWN,
    "accounts:oath_file": OWN,
    **{f"accounts:agreement_{act}": CITY for act in AGREEMENT_ACTS},
    "accounts:policy_list": CITY,
    "accounts:policy_add": CITY,
    "accounts:policy_detail": CITY,
    "accounts:policy_version_edit": CITY,
    "accounts:policy_version_publish": CITY,
    "accounts:policy_withdraw": CITY,
    "accounts:policy_in_force_list": PEOPLE,
    "accounts:policy_unsigned": PEOPLE,
    "account_login": SIGN_IN,
    "account_logout": SIGN_IN,
    "account_inactive": SIGN_IN,
    "account_signup": SIGN_IN,
    "account_email": SIGN_IN,
    "account_reauthenticate": SIGN_IN,
    "account_change_password": SIGN_IN,
    "account_set_password": SIGN_IN,
    "account_reset_password": SIGN_IN,
    "account_reset_password_done": SIGN_IN,
    "account_reset_password_from_key": SIGN_IN,
    "account_reset_password_from_key_done": SIGN_IN,
    "mfa_index": SIGN_IN,
    "mfa_authenticate": SIGN_IN,
    "mfa_reauthenticate": SIGN_IN,
    "mfa_activate_totp": SIGN_IN,
    "mfa_deactivate_totp": SIGN_IN,
    "mfa_view_recovery_codes": SIGN_IN,
    "mfa_generate_recovery_codes": SIGN_IN,
    "mfa_download_recovery_codes": SIGN_IN,
    "mfa_list_webauthn": SIGN_IN,
    "mfa_add_webauthn": SIGN_IN,
    "mfa_edit_webauthn": SIGN_IN,
    "mfa_remove_webauthn": SIGN_IN,
    "mfa_login_webauthn": SIGN_IN,
    "mfa_reauthenticate_webauthn": SIGN_IN,
    "usersessions_list": SIGN_IN,
    "openid_connect_login": SIGN_IN,
    "openid_connect_callback": SIGN_IN,
    "socialaccount_login_cancelled": SIGN_IN,
    "socialaccount_login_error": SIGN_IN,
    "socialaccount_signup": SIGN_IN,
    "socialaccount_connections": SIGN_IN,
    # sheets: an office's own papers
    "sheets:office_workbook_list": TEAM,
    "sheets:office_workbook_cells": TEAM,
    "sheets:office_workbook_trial": TEAM,
    "sheets:office_workbook_withdraw": TEAM,
    # audit
    "audit:event_list": WATCHERS,
    # notifications
    "notifications:notification_list": OWN,
    "notifications:notification_open": OWN,
    "notifications:notification_read": OWN,
    "notifications:notification_read_all": OWN,
    "notifications:mail_preference": OWN,
    "notifications:mail_test": OWN,
    "notifications:mail_confirm": OWN,
    "notifications:mail_help": OWN,
    "notifications:undelivered_list": PEOPLE,
    # areas
    "areas:area_list": ANYBODY,
    "areas:area_detail": ANYBODY,
    "areas:area_boundaries": ANYBODY,
    # papers: scans in, FAX out
    "papers:inbox": PAPERS,
    "papers:scan_detail": PAPERS,
    "papers:scan_progress": PAPERS,
    "papers:page_detail": PAPERS,
    "papers:page_picture": PAPERS,
    "papers:page_discard": PAPERS,
    "papers:page_restore": PAPERS,
    "papers:sent_list": PAPERS,
    "papers:fax_confirm": PAPERS,
    # finding facilities
    "facilities:facility_list": STAFF,
    "facilities:facility_facets": STAFF,
    "facilities:map_marks": STAFF,
    "facilities:facility_export": STAFF,
    "facilities:facility_detail": STAFF,
    # facilities: imports, local lists, corrections, publication
    "facilities:import_list": CITY,
    "facilities:import_new": CITY,
    "facilities:import_detail": CITY,
    "facilities:import_progress": CITY,
    "facilities:import_row_decide": CITY,
    "facilities:import_question_confirm": CITY,
    "facilities:import_apply": CITY,
    "facilities:import_undo": CITY,
    "facilities:import_discard": CITY,
    "facilities:import_diff_xlsx": CITY,
    "facilities:import_repairs_xlsx": CITY,
    "facilities:list_new": CITY,
    "facilities:list_header": CITY,
    "facilities:list_columns": CITY,
    "facilities:list_discard": CITY,
    "facilities:kind_new": CITY,
    "facilities:place_list": CITY,
    "facilities:place_decide": CITY,
    "facilities:place_undo": CITY,
    "facilities:publication_list": CITY,
    "facilities:publication_edit": CITY,
    "facilities:publication_exception_edit": CITY,
    "facilities:facility_edit": CITY,
    "facilities:service_edit": CITY,
    "facilities:correction_withdraw": CITY,
    "facilities:request_list": CITY,
    "facilities:request_answer": CITY,
    # facilities: booklets and open data
    "facilities:booklet_list": CITY_OR_DESK,
    "facilities:booklet_new": CITY_OR_DESK,
    "facilities:booklet_detail": CITY_OR_DESK,
    "facilities:booklet_progress": CITY_OR_DESK,
    "facilities:booklet_file": CITY_OR_DESK,
    "facilities:booklet_release": CITY,
    "facilities:booklet_withdraw": CITY,
    "facilities:open_data_list": CITY,
    "facilities:open_data_draft": CITY,
    "facilities:open_data_publish": CITY,
    # persons, consent, teams
    "patients:patient_list": TEAM,
    "patients:duplicate_list": TEAM,
    "patients:patient_merge": TEAM,
    "patients:merge_undo": TEAM,
    "patients:invitation_answer": TEAM,
    "patients:team_detail": TEAM,
    "patients:member_invite": TEAM,
    "patients:team_settings": TEAM,
    "patients:host_change": TEAM,
    "patients:invitation_withdraw": TEAM,
    "patients:member_end": TEAM,
    "patients:member_hand_over": TEAM,
    "patients:member_arrange": TEAM,
    "patients:family_invite": TEAM,
    "patients:family_sheet": TEAM,
    "patients:family_remove": TEAM,
    "patients:consent_ending": TEAM,
    "patients:consent_detail": TEAM,
    "patients:consent_add": TEAM,
    "patients:consent_withdraw": TEAM,
    "patients:consent_paper": TEAM,
    **dict.fromkeys(("patients:consent_fax", "patients:consent_explanation"), TEAM),
    "patients:consent_scan": TEAM,
    "patients:consent_paper_aside": TEAM,
    "patients:relative_consent": TEAM,
    "patients:patient_register": TEAM,
    "patients:patient_detail": TEAM,
    "patients:patient_edit": TEAM,
    "patients:change_list": TEAM,
    "patients:change_undo": TEAM,
    "patients:certification_add": TEAM,
    "patients:independence_add": TEAM,
    "patients:relative_add": TEAM,
    "patients:relative_edit": TEAM,
    "patients:relative_remove": TEAM,
    "patients:relative_restore": TEAM,
    "patients:provider_add": TEAM,
    "patients:provider_edit": TEAM,
    "patients:provider_end": TEAM,
    "patients:provider_resume": TEAM,
    "patients:network_add": TEAM,
    "patients:network_edit": TEAM,
    # planned visits
    "timelines:visit_plan": TEAM,
    "timelines:visit_add": TEAM,
    "timelines:visit_list": TEAM,
    "timelines:visit_edit": TEAM,
    "timelines:visit_cancel": TEAM,
    # visits without reception
    "timelines:visit": TEAM,
    "timelines:visit_shell": ANYBODY,
    "timelines:visit_worker": ANYBODY,
    "timelines:visit_manifest": ANYBODY,
    "timelines:visit_state": OWN,
    "timelines:visit_lease_add": TAKES_PART,
    "timelines:visit_lease_state": ANYBODY,
    "timelines:visit_lease_revoke": TEAM,
    "timelines:visit_persons": TEAM,
    "timelines:visit_entries": TEAM,
    "timelines:visit_device_list": TEAM,
    # measurements and files of a person
    "timelines:measurement_list": TEAM,
    "timelines:measurement_export": TEAM,
    "timelines:limit_edit": TEAM,
    "timelines:limit_end": TEAM,
    "timelines:file_detail": TAKES_PART,
    "timelines:file_content": TAKES_PART,
    "timelines:file_thumbnail": TAKES_PART,
    "timelines:file_page": TAKES_PART,
    # sheets of a person
    "timelines:sheet_list": TEAM,
    "timelines:sheet_fill": TEAM,
    "timelines:sheet_empty": TEAM,
    "timelines:answer_detail": TEAM,
    "timelines:answer_file": TEAM,
    "timelines:answer_fax": TEAM,
    "timelines:entry_fax": TEAM,
    # transitions
    "transitions:case_list": TEAM,
    "transitions:patient_cases": TEAM,
    "transitions:case_open": TEAM,
    "transitions:case_detail": TEAM,
    "transitions:case_arrange": TEAM,
    "transitions:case_transfer": TEAM,
    "transitions:fact_add": TEAM,
    "transitions:fact_correct": TEAM,
    "transitions:fact_retract": TEAM,
    "transitions:rule_list": TEAM,
    "transitions:rule_detail": TEAM,
    # timelines
    "timelines:today": TEAM,
    "timelines:own_page": frozenset({Role.PERSON_OR_FAMILY}),
    "timelines:direct_start": TEAM,
    "timelines:group_list": STAFF,
    "timelines:group_detail": STAFF,
    "timelines:group_members": STAFF,
    "timelines:direct_list": TEAM,
    "timelines:direct_detail": TEAM,
    "timelines:direct_move": TEAM,
    "timelines:usage": frozenset({Role.MUNICIPAL_STAFF, Role.PREFECTURE}),
    "timelines:usage_xlsx": frozenset({Role.MUNICIPAL_STAFF, Role.PREFECTURE}),
    "timelines:times": CITY,
    "timelines:link_list": TEAM,
    "timelines:link_new": TEAM,
    "timelines:link_revoke": TEAM,
    "timelines:outside_link": ANYBODY,
    "timelines:timeline": TAKES_PART,
    "timelines:timeline_family": TAKES_PART,
    "timelines:timeline_search": TAKES_PART,
    "timelines:timeline_export": TEAM,
    "timelines:entry_fragment": TAKES_PART,
    "timelines:room_seen": TAKES_PART,
    "timelines:live_token": TAKES_PART,
    "timelines:entry_detail": TAKES_PART,
    "timelines:entry_acknowledge": TAKES_PART,
    "timelines:entry_react": TAKES_PART,
    "timelines:entry_settle": TAKES_PART,
    "timelines:entry_hide": TAKES_PART,
    "timelines:entry_correct": TAKES_PART,
    "timelines:call_list": TEAM,
    "timelines:hidden_entry": frozenset({Role.PRIVACY_OFFICER}),
    # sheets
    "sheets:form_list": CITY,
    "sheets:form_new": CITY,
    "sheets:form_detail": CITY,
    "sheets:form_share": CITY,
    "sheets:form_unshare": CITY,
    "sheets:item_act": CITY,
    "sheets:item_add": CITY,
    "sheets:item_edit": CITY,
    "sheets:version_adopt": CITY,
    "sheets:version_detail": CITY,
    "sheets:version_differences": CITY,
    "sheets:version_discard": CITY,
    "sheets:version_drop": CITY,
    "sheets:version_edit": CITY,
    "sheets:version_json": CITY,
    "sheets:version_pdf": CITY,
    "sheets:version_publish": CITY,
    "sheets:version_start": CITY,
    "sheets:version_try": CITY,
    "sheets:version_upload": CITY,
    "sheets:version_withdraw": CITY,
    "sheets:version_workbook": CITY,
    # common
    "common:styleguide": ANYBODY,
    # portal
    "portal:home": ANYBODY,
    "portal:about": ANYBODY,
    "portal:contact": ANYBODY,
    "portal:accessibility": ANYBODY,
    "portal:accessibility_result": ANYBODY,
    "portal:sources": ANYBODY,
    "portal:easy_home": ANYBODY,
    "portal:easy_page": ANYBODY,
    "portal:robots": ANYBODY,
    "portal:security_txt": ANYBODY,
    "portal:sitemap": ANYBODY,
    "portal:sitemap_pages": ANYBODY,
    "portal:sitemap_places": ANYBODY,
    "portal:search": ANYBODY,
    "portal:search_facets": ANYBODY,
    "portal:map_marks": ANYBODY,
    "portal:map_page": ANYBODY,
    "portal:facility": ANYBODY,
    "portal:correction_request": ANYBODY,
    "portal:site_edit": CITY,
    "portal:booklets": ANYBODY,
    "portal:booklet_file": ANYBODY,
    "portal:search_list_pdf": ANYBODY,
    "portal:facility_sheet_pdf": ANYBODY,
    "portal:open_data": ANYBODY,
    "portal:open_data_catalogue": ANYBODY,
    "portal:open_data_file": ANYBODY,
    "portal:open_data_cp932": ANYBODY,
    "portal:open_data_cp932_file": ANYBODY,
}
SAMPLES: dict[str, dict[str, str]] = {
    "account_reset_password_from_key": {"uidb36": "1", "key": "set-password"},
    "openid_connect_login": {"provider_id": "provider"},
    "openid_connect_callback": {"provider_id": "provider"},
}
# Not found while the register is empty, as it is here.
NEED_DATA = {"areas:area_boundaries"}
# A value nobody has: an address with it is not found by those who may, refused to all others.
VALUES = {"uuid": UUID(int=1), "int": 999_999_999, "slug": "x", "string": "x", "path": "x"}


@dataclass(frozen=True)
class Address:
    name: str
    url: str
    view: Any
    has_arguments: bool

    @property
    def rule(self) -> Any:
        return getattr(self.view, "staff_rule", None)


def addresses() -> list[Address]:
    """Every URL of the site, with made-up arguments."""
    return list(_walk(get_resolver(), "", {}))


def _walk(resolver: URLResolver, namespace: str, converters: dict[str, Any]) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        found = {**converters, **entry.pattern.converters}
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, inner, found)
        else:
            yield _address(entry, f"{namespace}{entry.name}", found)


def _address(entry: URLPattern, name: str, converters: dict[str, Any]) -> Address:
    arguments: dict[str, Any] = {
        argument: VALUES[type(converter).__name__.removesuffix("Converter").lower()]
        for argument, converter in converters.items()
    }
    arguments |= SAMPLES.get(name, {})
    return Address(name, reverse(name, kwargs=arguments), entry.callback, bool(arguments))


def who_may(address: Address) -> str | frozenset[Role]:
    return MATRIX.get(address.name, frozenset())


def ask(client: Client, address: Address) -> Any:
    """GET, or POST where GET is not spoken."""
    response = client.get(address.url)
    return client.post(address.url) if response.status_code == 405 else response


def sent_to(response: Any, *pages: str) -> bool:
    return bool(response.status_code == 302 and response["Location"].startswith(pages))


def test_every_url_has_a_row_and_every_row_a_url():
    names = {address.name for address in addresses()}

    assert sorted(names - set(MATRIX)) == [], "add these to MATRIX (see the top of this file)"
    assert sorted(set(MATRIX) - names) == [], "these rows have no URL any more"


def test_rules_say_what_the_matrix_says():
    wrong = [
        f"{address.name}: {role.label}"
        for address in addresses()
        if address.rule is not None and not isinstance(who_may(address), str)
        for role in Role
        if address.rule(Viewer(user_id=1, role=role)) != (role in who_may(address))
    ]

    assert wrong == []


def test_every_staff_page_is_under_its_rule():
    bare = [
        address.name
        for address in addresses()
        if (who_may(address) == OWN or not isinstance(who_may(address), str)) and not address.rule
    ]

    assert bare == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in Role if role != Role.RESIDENT])
def test_role_reaches_what_the_matrix_allows_and_nothing_else(role):
    client = factories.sign_in(Client(raise_request_exception=False), factories.member(role))
    wrong = []
    for address in addresses():
        allowed = who_may(address)
        if isinstance(allowed, str) and allowed != ANYBODY:
            continue
        response = ask(client, address)
        if response.status_code >= 500:
            wrong.append(f"{address.name} {response.status_code}")
        elif not isinstance(allowed, str) and role not in allowed:
            if response.status_code != 404:
                wrong.append(f"{address.name} is open: {response.status_code}")
        elif not (address.has_arguments or address.name in NEED_DATA) and (
            response.status_code == 404 or sent_to(response, "/accounts/login/")
        ):
            wrong.append(f"{address.name} is closed: {response.status_code}")

    assert wrong == []


@pytest.mark.django_db
def test_nobody_reaches_residents_pages_alone():
    client = Client(raise_request_exception=False)
    wrong = []
    for address in addresses():
        allowed = who_may(address)
        response = ask(client, address)
        if response.status_code >= 500:
            wrong.append(f"{address.name} {response.status_code}")
        elif (allowed == OWN or not isinstance(allowed, str)) and not (
            sent_to(response, "/accounts/login/") or response.status_code == 401
        ):
            wrong.append(f"{address.name} is open: {response.status_code}")
        elif allowed == ANYBODY and sent_to(response, "/accounts/login/"):
            wrong.append(f"{address.name} asks for a sign-in")

    assert wrong == []


# What a session may open between its password and its second factor.
BETWEEN = {
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "accounts:second_factor_setup",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "healthz",
}


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in Role if requires_second_factor(role)])
def test_t_p1_no_session_without_second_factor_reaches_a_staff_page(role):
    client = factories.sign_in(Client(), factories.member(role), second_factor=False)
    # Every way of asking once; for the other roles the two that pages are made of.
    every = (client.get, client.post, client.put, client.delete)
    methods = every if role == Role.MUNICIPAL_STAFF else every[:2]
    reached = []
    for address in addresses():
        residents_page = address.name.startswith("portal:") and who_may(address) == ANYBODY
        if address.name in BETWEEN or residents_page:
            continue
        for method in methods:
            response = method(address.url)
            if not (sent_to(response, "/accounts/second-factor/") or response.status_code == 403):
                reached.append(f"{address.name} {response.status_code}")

    assert reached == []

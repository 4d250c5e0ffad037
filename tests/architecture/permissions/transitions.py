"""Into hospital and home again, and who comes tonight."""

from __future__ import annotations

from renkei.foundation.accounts.models import Role
from tests.architecture.permissions.audiences import CITY, TEAM, Audience

TONIGHT = "tonight person_tonight person_tonight_edit roster_list roster_week roster_edit"
TONIGHT += " roster_end roster_day roster_pattern roster_copy roster_file doctor_list doctor_add"
TONIGHT += " doctor_edit absence_cancel person_pair pair_propose pair_step pair_tell"
TONIGHT += " pair_call pair_agree office_absence_cancel tonight_month"
TONIGHT += " person_emergency emergency_call_add emergency_call emergency_call_step"
TONIGHT += " person_agreement agreement_confirm agreement_tell agreement_end"
TONIGHT += " hospital_calls hospital_answer"

# Whoever works by the rule, or sits in the meeting that makes it.
RULE_READERS = TEAM | CITY | {Role.PREFECTURE, Role.COUNCIL_MEMBER}
KEEPERS = TEAM | CITY
OWN_CONTACTS = "own add confirm edit remove undo"
RULE_PAGES = "rule_list rule_detail rule_difference rule_book announcement_detail"
RULE_PAGES += " announcement_letter"
RULE_WORK = "rule_start revision_start draft_detail draft_undo draft_discard draft_preview"
RULE_WORK += " draft_publish draft_part draft_row draft_row_act version_withdraw adoption_list"
RULE_WORK += " adoption_end adoption_undo announcement_add announcement_fax announcement_remind"
RULE_WORK += " path_kept_list path_revision_start path_draft path_draft_publish"
RULE_WORK += " path_draft_discard announcement_note announcement_post announcement_reply"
# Counts only: an office sees itself, the municipality and the prefecture their areas.
COUNTERS = TEAM | CITY | {Role.PREFECTURE}
NUMBERS = "numbers numbers_xlsx survey survey_xlsx survey_pdf"
FORMS = "case_form_write case_form_hand sending_detail sending_file checklist_line"
FORMS += " conference_plan conference_detail conference_change conference_cancel conference_hold"
FORMS += " conference_calendar seat_answer seat_sheet"

HOMES = "home_list home_table home_detail cooperation_notice"
HOMES_WRITTEN = "cooperation_add cooperation_edit cooperation_end cooperation_contact"
HOMES_WRITTEN += " cooperation_contact_take_back cooperation_notice_make cooperation_notice_submit"
WISHES = "person_end_of_life wish_fact_add wish_fact_take_back wish_sheet review_open_of"
REVIEWS = "review_list review_open review_detail review_partner_add review_answer review_close"
REVIEWS += " review_finding_add review_finding_take_back review_action_add review_action_done"
CONDITIONS_WRITTEN = "conditions_add conditions_edit conditions_publish"
FAMILYS = "family_contacts family_contacts_confirm"
FAMILY = frozenset({Role.PERSON_OR_FAMILY})
FIRE = frozenset({Role.FIRE_DISPATCH})

REFERRALS = "patient_referrals referral_new referral_list referral_detail referral_accept"
REFERRALS += " referral_act referral_fax referral_document referral_paper"
REFERRALS += " manager_card_print person_card_print"
REFERRALS += " path_list patient_paths path_start path_detail path_sheet"
REFERRALS += " path_record path_retract"

PAGES: dict[str, Audience] = {
    **{f"transitions:{name}": TEAM for name in REFERRALS.split()},
    **{f"transitions:{name}": TEAM for name in TONIGHT.split()},
    **{f"transitions:{name}": TEAM | CITY | {Role.PREFECTURE} for name in HOMES.split()},
    **{f"transitions:{name}": TEAM | CITY for name in HOMES_WRITTEN.split()},
    **{f"transitions:{name}": TEAM for name in WISHES.split()},
    **{f"transitions:{name}": TEAM | CITY | FIRE for name in REVIEWS.split()},
    **{f"transitions:{name}": CITY for name in CONDITIONS_WRITTEN.split()},
    "transitions:conditions_list": TEAM | CITY | FIRE | {Role.PREFECTURE},
    **{f"transitions:{name}": COUNTERS for name in NUMBERS.split()},
    **{f"transitions:{name}": FAMILY for name in FAMILYS.split()},
    "transitions:duty_map_week": TEAM | CITY,
    "transitions:night_numbers": CITY | {Role.PREFECTURE},
    **{f"transitions:{name}": TEAM for name in FORMS.split()},
    "transitions:path_version_detail": KEEPERS,
    "transitions:case_list": TEAM,
    "transitions:member_absence_list": TEAM,
    "transitions:member_absence_cancel": TEAM,
    "transitions:office_overdue": frozenset({Role.ORGANISATION_ADMIN}),
    "transitions:patient_cases": TEAM,
    "transitions:case_open": TEAM,
    "transitions:case_detail": TEAM,
    "transitions:case_arrange": TEAM,
    "transitions:case_transfer": TEAM,
    "transitions:fact_add": TEAM,
    "transitions:fact_correct": TEAM,
    "transitions:fact_retract": TEAM,
    **{f"transitions:{name}": RULE_READERS for name in RULE_PAGES.split()},
    **{f"transitions:{name}": CITY for name in RULE_WORK.split()},
    "transitions:contact_list": RULE_READERS,
    "transitions:contact_list_file": RULE_READERS,
    "transitions:contact_remind": CITY,
    **{f"transitions:contact_{name}": KEEPERS for name in OWN_CONTACTS.split()},
}

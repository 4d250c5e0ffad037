"""The main menu of staff pages: what this viewer may open, in the order of their work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from renkei.care.patients.rules import may_work_in_teams
from renkei.care.patients.rules_emergency import (
    may_ask_to_break_the_glass,
    may_choose_for_the_municipality,
    may_decide_on_disclosure,
    may_run_the_emergency_desk,
    may_see_disaster_lists,
    may_switch_disaster_mode,
    may_watch_access,
)
from renkei.care.timelines.rules import is_person_or_family, may_see_usage, may_work_in_groups
from renkei.care.transitions.rules_homes import may_read_conditions, may_see_homes, may_see_reviews
from renkei.care.transitions.rules_keeping import may_keep_rules
from renkei.care.transitions.rules_numbers import may_see_numbers
from renkei.foundation.accounts import rules
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.papers.rules import may_sort_papers
from renkei.foundation.sheets.rules import may_edit_forms
from renkei.gateways.portal.rules import may_edit_site
from renkei.programme.indicators.rules import may_read_indicators
from renkei.programme.planning.rules import may_use_support, works_with_councils
from renkei.registry.facilities.rules import may_make_booklets

PHONE_ENTRIES = 5
# One line of a wide screen; the town's own staff would have three.
WIDE_ENTRIES = 9


@dataclass(frozen=True)
class Entry:
    """One entry. ``narrow``: with a place of its own on phones, where five fit; ``wide``: on wide
    screens. ``count``: what waits there.
    """

    url: str
    label: str
    icon: str
    current: bool
    narrow: bool
    wide: bool
    count: int = 0


REGISTER = "/register/"
TODAY = "/today/"
# In the order of everyday use; what is opened once a month stands last.
MENU: tuple[tuple[str, str, str, Callable[[Viewer], bool]], ...] = (
    (TODAY, "今日", "clock", may_work_in_teams),
    ("/patients/", "療養者", "person", may_work_in_teams),
    ("/transitions/", "入退院", "calendar", may_work_in_teams),
    ("/transitions/tonight/", "今夜の担当", "phone", may_work_in_teams),
    ("/visits/", "訪問", "calendar", may_work_in_teams),
    ("/my/", "わたしの連携", "home", is_person_or_family),
    ("/notifications/", "お知らせ", "speech", is_person_or_family),
    ("/emergency-desk/", "救急の窓口", "phone", may_run_the_emergency_desk),
    (REGISTER, "資源の台帳", "list", rules.may_read_staff_pages),
    ("/indicators/", "指標", "target", may_read_indicators),
    ("/planning/plans/", "計画", "document", works_with_councils),
    ("/planning/councils/", "会議", "people", works_with_councils),
    ("/planning/issues/", "課題", "warning", works_with_councils),
    ("/planning/support/", "県の支援", "speech", may_use_support),
    ("/register/imports/", "取り込み", "upload", rules.may_edit_register),
    ("/papers/inbox/", "紙の受け取り", "document", may_sort_papers),
    ("/accounts/organisations/", "組織と利用者", "people", rules.may_manage_people),
    ("/sheets/", "様式", "document", may_edit_forms),
    ("/transitions/rules/", "入退院ルール", "calendar", may_keep_rules),
    ("/areas/", "圏域", "map", rules.may_read_staff_pages),
    ("/register/booklets/", "冊子", "print", may_make_booklets),
    ("/transitions/homes/", "協力医療機関", "people", may_see_homes),
    ("/transitions/reviews/", "事例の検証", "speech", may_see_reviews),
    ("/transitions/wish-conditions/", "看取りの取り決め", "list", may_read_conditions),
    ("/groups/", "グループ", "people", may_work_in_groups),
    ("/patients/break-glass/", "緊急閲覧", "warning", may_ask_to_break_the_glass),
    ("/transitions/numbers/", "入退院の数字", "target", may_see_numbers),
    ("/timelines/usage/", "利用状況", "target", may_see_usage),
    ("/patients/break-glass/reviews/", "緊急閲覧の確認", "warning", may_watch_access),
    ("/patients/disposals/", "記録の廃棄", "document", may_watch_access),
    ("/patients/disaster-list/", "災害時の一覧", "list", may_see_disaster_lists),
    ("/patients/disasters/", "災害時の切り替え", "lock", may_switch_disaster_mode),
    ("/patients/disclosure/", "文書の見える範囲", "eye", may_decide_on_disclosure),
    ("/patients/retention/", "保存年数", "calendar", may_choose_for_the_municipality),
    ("/patients/read-log/choice/", "閲覧記録の見せ方", "eye", may_choose_for_the_municipality),
    ("/audit/", "監査", "shield", rules.may_read_audit),
    ("/site/", "サイトの設定", "pencil", may_edit_site),
)

# Pages that belong to an entry whose address does not say so.
ALSO: dict[str, str] = {
    "/transitions/rosters/": "/transitions/tonight/",
    "/transitions/doctors/": "/transitions/tonight/",
    "/transitions/duty-map/": "/transitions/tonight/",
    "/transitions/family/": "/my/",
}
# Whose everyday work is not that of most: these come first, in this order.
FIRST: dict[Role, tuple[str, ...]] = {
    Role.FIRE_DISPATCH: ("/emergency-desk/", "/patients/break-glass/"),
    Role.PRIVACY_OFFICER: ("/patients/break-glass/reviews/", "/audit/", "/patients/disposals/"),
    Role.OPERATOR: ("/accounts/organisations/", "/audit/"),
}


def menu_for(viewer: Viewer, path: str, *, waiting: int = 0, today: int = 0) -> list[Entry]:
    """What this viewer may open; the longest address that fits the path is the current one.

    ``waiting``: decisions and requests at the register; ``today``: what waits for the viewer.
    """
    path = next((url for start, url in ALSO.items() if path.startswith(start)), path)
    allowed = [entry for entry in MENU if entry[3](viewer)]
    first = FIRST.get(viewer.role, ())
    allowed.sort(key=lambda entry: first.index(entry[0]) if entry[0] in first else len(first))
    fitting = [url for url, *_ in allowed if path.startswith(url)]
    current = max(fitting, key=len, default=None)
    # With more than fit, the last place is 「その他」.
    on_phones = PHONE_ENTRIES if len(allowed) <= PHONE_ENTRIES else PHONE_ENTRIES - 1
    on_wide = WIDE_ENTRIES if len(allowed) <= WIDE_ENTRIES else WIDE_ENTRIES - 1
    return [
        Entry(
            url,
            label,
            icon,
            current=url == current,
            narrow=position < on_phones,
            wide=position < on_wide,
            count={REGISTER: waiting, TODAY: today}.get(url, 0),
        )
        for position, (url, label, icon, _rule) in enumerate(allowed)
    ]

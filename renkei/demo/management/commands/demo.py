"""``renkei demo``: the invented region, its accounts and their present codes."""

from __future__ import annotations

import time
from pathlib import Path

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from renkei.demo import (
    around,
    care,
    indicators,
    people,
    planning_councils,
    planning_issues,
    planning_money,
    planning_plans,
    planning_regions,
    planning_reports,
    region,
    transitions,
    transitions_doctors,
    transitions_duties,
    transitions_history,
    transitions_homes,
    transitions_paths,
    transitions_rules,
)

TOTP_SECONDS = 30


class Command(BaseCommand):
    help = (
        "架空広域を用意し、利用者・パスワード・いまの認証コードを表示します（本番では使えません）。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="用意してあれば何もしません")

    def handle(self, **options: object) -> None:
        if not settings.DEMO:
            raise CommandError(
                "この設定では架空の利用者を作れません（renkei.settings.dev だけで使えます）。"
            )
        folder = Path(settings.VAR) / "demo"
        folder.mkdir(parents=True, exist_ok=True)
        begun, done = folder / "begun", folder / "done"
        if not done.exists():
            if begun.exists():
                raise CommandError(
                    "架空広域の準備が前回の途中で止まっています。"
                    f"{settings.VAR} を消してから、もう一度始めてください。"
                )
            begun.touch()
            started = time.monotonic()
            self.stdout.write("架空広域を用意しています")
            region.fill_areas(folder / "areas", self.stdout.write)
            accounts = people.settle(folder)
            region.fill_register(folder, actor=people.officer(), say=self.stdout.write)
            region.look_after_register(actor=people.officer())
            around.settle_around(self.stdout.write)
            patients = care.settle_teams(self.stdout.write)
            transitions.tell_of_stays(patients, self.stdout.write)
            transitions_duties.keep_rosters(patients, self.stdout.write)
            transitions_homes.agree_with_hospitals(self.stdout.write)
            transitions_homes.confirm_wishes(patients, self.stdout.write)
            transitions_rules.announce_revision(self.stdout.write)
            transitions_doctors.keep_doctors(patients, self.stdout.write)
            transitions_paths.refer_and_hand_on(patients, self.stdout.write)
            transitions_history.tell_of_last_year(self.stdout.write)
            indicators.measure_the_region(self.stdout.write)
            council = planning_councils.hold_councils(self.stdout.write)
            planning_issues.raise_issues(council, self.stdout.write)
            planning_plans.make_plans(self.stdout.write)
            planning_money.keep_money(self.stdout.write)
            planning_regions.fill_regions(council, self.stdout.write)
            planning_reports.make_reports(council, self.stdout.write)
            done.touch()
            self.stdout.write(f"架空広域ができました（{time.monotonic() - started:.0f}秒）")
        elif options["once"]:
            return
        else:
            accounts = people.settle(folder)
        self._print(accounts)

    def _print(self, accounts: list[people.Account]) -> None:
        self.stdout.write("\n役割 / 氏名（所属） / メールアドレス / パスワード / いまの認証コード")
        for account in accounts:
            # The code changes every 30 seconds.
            counter = int(time.time()) // TOTP_SECONDS
            code = format_hotp_value(hotp_value(account.totp_secret, counter))
            line = (account.role, f"{account.name}（{account.organisation}）", account.email)
            self.stdout.write(" / ".join((*line, account.password, code)))

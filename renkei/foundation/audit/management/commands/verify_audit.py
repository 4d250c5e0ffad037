"""``renkei verify-audit``: has anybody changed, removed or inserted a row of the trail?"""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from renkei.foundation.audit.chain import findings_in
from renkei.foundation.audit.queries import last_event, whole_trail
from renkei.foundation.common import clock

SHOWN = 20


class Command(BaseCommand):
    help = "監査記録の鎖をはじめから確かめます。書き換え・削除・追加が見つかれば終了コード1です。"

    def handle(self, *args: object, **options: object) -> None:
        """Print every finding in one Japanese sentence, or one sentence that all is well."""
        found = 0
        for finding in findings_in(whole_trail()):
            found += 1
            if found <= SHOWN:
                self.stderr.write(str(finding))
        if found > SHOWN:
            self.stderr.write(f"ほか{found - SHOWN}か所")
        if found:
            raise CommandError(
                f"監査記録に{found}か所の異常があります。バックアップと比べて、"
                "個人情報保護責任者に知らせてください。"
            )
        last = last_event()
        if last is None:
            self.stdout.write("監査記録はまだありません。")
            return
        # Written down elsewhere, this value also proves later that the newest rows are still there.
        self.stdout.write(
            f"監査記録は正しくつながっています。最後は{last.month:%Y年%-m月}の{last.sequence}番"
            f"（{last.at.astimezone(clock.TOKYO):%Y-%m-%d %H:%M:%S}）、値は {last.hash} です。"
        )

"""Raising issues on evidence, moving them on, and looking at them again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.transitions.identifiers import identifiers_in
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.papers.files import destroy_file, store_file
from renkei.programme.planning.acting import organisation_of
from renkei.programme.planning.evidence import FILE, SEPARATOR, kind_called
from renkei.programme.planning.models import Issue, IssueEvidence, IssueState, IssueStep
from renkei.programme.planning.queries.issues import RESTING, IssueDoor

S: Final = IssueState
# Source: domain/training-outreach-consult.md §1.3; back ways as people need them.
WAYS: Final[Mapping[str, tuple[IssueState, ...]]] = {
    S.RAISED: (S.ANALYSED, S.SHELVED, S.CLOSED),
    S.ANALYSED: (S.DRAFTED, S.SHELVED, S.RAISED),
    S.DRAFTED: (S.DISCUSSED, S.ANALYSED),
    S.DISCUSSED: (S.DECIDED, S.RETURNED, S.SHELVED),
    S.RETURNED: (S.ANALYSED, S.DRAFTED, S.SHELVED),
    S.SHELVED: (S.RAISED, S.ANALYSED, S.CLOSED),
    S.DECIDED: (S.IN_ACTION, S.RETURNED),
    S.IN_ACTION: (S.EVALUATED, S.SHELVED),
    S.EVALUATED: (S.CLOSED, S.ANALYSED),
    S.CLOSED: (S.RAISED,),
}
NO_EVIDENCE: Final = "根拠を1つ以上選んでください。根拠のない課題は登録できません。"
LAST_EVIDENCE: Final = "最後の根拠は外せません。先にほかの根拠を付けてください。"
# What a text of this floor never holds. Days and addresses of offices are its daily bread.
REFUSED: Final = frozenset({"名前", "電話番号", "番号", "メールアドレス"})


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file of another section, with what it is."""

    content: bytes
    name: str
    title: str
    section: str


@transaction.atomic
def raise_issue(
    *,
    viewer: Viewer,
    fields: Mapping[str, Any],
    cited: Sequence[str],
    file: EvidenceFile | None = None,
) -> Issue:
    """A new issue of the viewer's own area, with its evidence frozen in the same act (T-B2).

    ``cited``: "kind:key" of what is offered.

    Raises:
        ValidationError: no evidence, something that tells who a person is, or a refused file.
    """
    office = organisation_of(viewer)
    if office is None or office.area is None:
        raise ValidationError("所属の課に圏域がありません。組織の登録で圏域を選んでください。")
    if not cited and file is None:
        raise ValidationError({"cited": NO_EVIDENCE})
    issue = Issue(area=office.area, organisation=office, raised_on=clock.today())
    _set(issue, fields)
    for one in cited:
        _cite(viewer, issue, one)
    if file is not None:
        _attach(viewer, issue, file)
    IssueStep.objects.create(
        issue=issue, after=issue.state, at=clock.now(), by_id=viewer.membership_id
    )
    record_event(
        actor=viewer.actor,
        action="issue.raised",
        target=issue,
        detail={"evidence": len(cited) + (file is not None)},
    )
    return issue


def _set(issue: Issue, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        setattr(issue, name, value)
    refuse_identifiers(issue.title, issue.text, issue.response)
    if issue.is_provisional and issue.look_again_on is None and not issue.watched_code:
        raise ValidationError(
            {"look_again_on": "暫定対応には、見直しの日か条件が要ります。日付を入力してください。"}
        )
    issue.full_clean()
    issue.save()


def refuse_identifiers(*texts: str) -> None:
    """Nothing of a person stands on this floor (T-B6).

    Raises:
        ValidationError: something points at a person.
    """
    found = [
        f"{kind}「{words}」"
        for text in texts
        for kind, words in identifiers_in(text)
        if kind in REFUSED
    ]
    if found:
        raise ValidationError(
            f"人がわかる言葉があります（{'、'.join(found)}）。人がわからないように書き直してください。"
        )


def _cite(viewer: Viewer, issue: Issue, cited: str) -> IssueEvidence:
    code, _, key = cited.partition(SEPARATOR)
    kind = kind_called(code)
    kept = kind.freeze(viewer, issue.area, key) if kind else None
    if kept is None:
        raise ValidationError({"cited": "選んだ根拠が見つかりません。選び直してください。"})
    evidence = IssueEvidence(issue=issue, kind=code, key=key, frozen=kept, added_at=clock.now())
    evidence.full_clean()
    evidence.save()
    return evidence


def _attach(viewer: Viewer, issue: Issue, file: EvidenceFile) -> None:
    evidence = IssueEvidence(issue=issue, kind=FILE, added_at=clock.now())
    evidence.key = str(evidence.uid)
    evidence.frozen = {
        "text": file.title,
        "shown": file.title,
        "source": file.section,
        "as_of": clock.today().isoformat(),
    }
    evidence.file = store_file(
        actor=viewer.actor,
        content=file.content,
        name=file.name,
        owner=("planning.evidence", evidence.uid),
    )
    evidence.save()


@transaction.atomic
def change_issue(*, door: IssueDoor, fields: Mapping[str, Any]) -> Issue:
    """What is written about it, its response, when it is looked at again.

    Raises:
        ValidationError: something is missing, or points at a person.
    """
    issue = Issue.objects.select_for_update().get(pk=door.issue.pk)
    _set(issue, fields)
    record_event(actor=door.viewer.actor, action="issue.changed", target=issue)
    return issue


@transaction.atomic
def move_issue(
    *, door: IssueDoor, to: IssueState, note: str = "", fields: Mapping[str, Any] | None = None
) -> Issue:
    """The next state; a 決定 needs who and until when.

    Raises:
        ValidationError: no such way from here, no owner or date, or no response to decide on.
    """
    issue = Issue.objects.select_for_update().get(pk=door.issue.pk)
    if to not in WAYS[issue.state]:
        raise ValidationError("いまの状態からは進めません。状態を確かめてください。")
    before = issue.state
    for name, value in (fields or {}).items():
        setattr(issue, name, value)
    _check_step(issue, to, note)
    issue.state = to
    refuse_identifiers(note)
    issue.full_clean()
    issue.save()
    IssueStep.objects.create(
        issue=issue, before=before, after=to, note=note, at=clock.now(),
        by_id=door.viewer.membership_id,
    )  # fmt: skip
    record_event(
        actor=door.viewer.actor, action="issue.moved", target=issue, detail={"to": to.value}
    )
    return issue


def _check_step(issue: Issue, to: IssueState, note: str) -> None:
    missing: dict[str, str] = {}
    if to in (S.DECIDED, S.IN_ACTION):
        # Source: domain/training-outreach-consult.md §12.3.
        if not issue.owner:
            missing["owner"] = "決定には担当が要ります。担当を入力してください。"
        if issue.due_on is None:
            missing["due_on"] = "決定には期限が要ります。期限を入力してください。"
    if to in (S.DRAFTED, S.DECIDED) and not issue.response:
        missing["note"] = "対応策がまだありません。「内容を直す」で対応策を書いてください。"
    elif to in (S.RETURNED, S.SHELVED, S.EVALUATED) and not note:
        missing["note"] = "理由・経過を入力してください。"
    if to == S.SHELVED and issue.look_again_on is None and not issue.watched_code:
        missing["look_again_on"] = "保留には、見直しの日が要ります。日付を入力してください。"
    if missing:
        raise ValidationError(missing)


@transaction.atomic
def add_evidence(
    *, door: IssueDoor, cited: Sequence[str], file: EvidenceFile | None = None
) -> None:
    """More evidence, frozen as it is today.

    Raises:
        ValidationError: nothing chosen, cited already, or a refused file.
    """
    if not cited and file is None:
        raise ValidationError({"cited": NO_EVIDENCE})
    for one in cited:
        _cite(door.viewer, door.issue, one)
    if file is not None:
        _attach(door.viewer, door.issue, file)
    record_event(actor=door.viewer.actor, action="issue.evidence_added", target=door.issue)


@transaction.atomic
def remove_evidence(*, door: IssueDoor, evidence: IssueEvidence) -> None:
    """Take a piece away, never the last one.

    Raises:
        ValidationError: it is the last one.
    """
    Issue.objects.select_for_update().get(pk=door.issue.pk)
    if IssueEvidence.objects.filter(issue=door.issue).count() == 1:
        raise ValidationError(LAST_EVIDENCE)
    file = evidence.file
    evidence.delete()
    if file is not None:
        destroy_file(actor=door.viewer.actor, stored=file)
    record_event(actor=door.viewer.actor, action="issue.evidence_removed", target=door.issue)


@transaction.atomic
def raise_again(issue: Issue) -> bool:
    """A day came or a condition holds: the issue is on the table again (T-B8). Once."""
    locked = Issue.objects.select_for_update().get(pk=issue.pk)
    if locked.state not in RESTING:
        return False
    by_day = locked.look_again_on is not None and locked.look_again_on <= clock.today()
    note = (
        "見直しの日が来ました。"
        if by_day
        else f"見直しの条件（{locked.watched_code} が {locked.watched_value:f}"
        f"{locked.get_watched_comparison_display()}）に当たりました。"
    )
    before = locked.state
    locked.state = S.RAISED
    locked.is_provisional = False
    locked.look_again_on, locked.watched_value = None, None
    locked.watched_code = locked.watched_comparison = ""
    locked.save()
    IssueStep.objects.create(
        issue=locked, before=before, after=S.RAISED, note=note, at=clock.now(), by=None
    )
    record_event(actor=SYSTEM, action="issue.raised_again", target=locked)
    return True

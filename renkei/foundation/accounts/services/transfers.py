"""人事異動: planned in one transaction, effective at 00:00, withdrawn before the day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from psycopg.types.range import Range

from renkei.foundation.accounts.models import (
    Membership,
    Move,
    MoveAction,
    Organisation,
    Transfer,
    TransferState,
)
from renkei.foundation.accounts.queries_transfers import due_transfers, moves_of
from renkei.foundation.accounts.services.invitations import IssuedInvitation, invite_member
from renkei.foundation.accounts.services.streams import revoke_streams
from renkei.foundation.accounts.transfer_rows import PlannedMove
from renkei.foundation.accounts.transfers import hand_over_duties
from renkei.foundation.audit.actors import SYSTEM, Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock

TOO_LATE = "異動日になったので取りやめられません。新しい異動として直してください。"
PAST = "異動日は明日以降の日付を入力してください。"


@transaction.atomic
def draft_transfer(
    *,
    actor: Actor,
    organisation: Organisation,
    effective_on: date,
    moves: Sequence[PlannedMove],
) -> Transfer:
    """Keep what a workbook says for its preview; nobody moves by this.

    Raises:
        ValidationError: the day is not in the future.
    """
    if effective_on <= clock.today():
        raise ValidationError({"effective_on": PAST})
    transfer = Transfer.objects.create(
        organisation=organisation, effective_on=effective_on, made_at=clock.now()
    )
    Move.objects.bulk_create(
        [
            Move(
                transfer=transfer,
                row=move.row,
                action=move.action,
                user=move.old.user if move.old else None,
                old_membership=move.old,
                name=move.name,
                email=move.email,
                new_organisation=move.new_organisation,
                role=move.role,
                profession=move.profession,
                successor=move.successor,
            )
            for move in moves
        ]
    )
    record_event(
        actor=actor, action="transfer.drafted", target=transfer, detail={"moves": len(moves)}
    )
    return transfer


@transaction.atomic
def plan_transfer(*, actor: Actor, transfer: Transfer) -> list[IssuedInvitation]:
    """End the old memberships with the day before, begin the new ones with the day.

    All or nothing. The memberships themselves carry the day, so nothing has to run at midnight for
    an old one to be dead.

    Returns:
        The invitations of new people, whose codes are known only now.

    Raises:
        ValidationError: the day has come, or a row no longer fits what is true now.
    """
    transfer = _locked(transfer, TransferState.PREVIEW)
    on = transfer.effective_on
    if on <= clock.today():
        raise ValidationError(PAST)
    moves = list(moves_of(transfer))
    held = Membership.objects.select_for_update(of=("self",)).in_bulk(
        [move.old_membership_id for move in moves if move.old_membership_id]
    )
    for move in moves:
        if move.old_membership_id:
            _end(move, held[move.old_membership_id], on)
    issued = [one for move in moves if (one := _begin(move, actor, on)) is not None]
    transfer.state, transfer.planned_at = TransferState.PLANNED, clock.now()
    transfer.save(update_fields=["state", "planned_at"])
    record_event(
        actor=actor,
        action="transfer.planned",
        target=transfer,
        detail={"moves": len(moves), "on": on.isoformat(), "ended": sorted(held)},
    )
    return issued


def _end(move: Move, old: Membership, on: date) -> None:
    end = old.period.upper
    if old.revoked_at is not None or (end is not None and end <= on) or old.period.lower >= on:
        message = f"{move.row}行目：この人の所属は、異動日の前に終わることになりました。"
        raise ValidationError(message + "もう一度ファイルを読み込んでください。")
    move.old_end = end
    old.period = Range(old.period.lower, on)
    old.save(update_fields=["period"])
    move.save(update_fields=["old_end"])


def _begin(move: Move, actor: Actor, on: date) -> IssuedInvitation | None:
    if move.new_organisation is None:
        return None
    issued = None
    if move.action == MoveAction.JOIN:
        issued = invite_member(
            actor=actor,
            organisation=move.new_organisation,
            name=move.name,
            email=move.email,
            role=move.role,
            profession=move.profession,
            starts_on=on,
        )
        move.invitation = issued.invitation
    else:
        membership = Membership(
            user=move.user,
            organisation=move.new_organisation,
            role=move.role,
            profession=move.profession,
            period=Range(on, None),
        )
        try:
            membership.full_clean()
        except ValidationError as error:
            raise ValidationError(f"{move.row}行目：{' '.join(error.messages)}") from error
        membership.save()
        move.new_membership = membership
    move.save(update_fields=["new_membership", "invitation"])
    return issued


@transaction.atomic
def withdraw_transfer(*, actor: Actor, transfer: Transfer) -> Transfer:
    """Make a planned transfer as if it had never been; only before its day.

    Raises:
        ValidationError: the day has come, or it was withdrawn already.
    """
    transfer = _locked(transfer, TransferState.PLANNED, TransferState.PREVIEW)
    if transfer.state == TransferState.PLANNED and transfer.effective_on <= clock.today():
        raise ValidationError(
            "異動日になったので取りやめられません。新しい異動として直してください。"
        )
    now = clock.now()
    for move in moves_of(transfer) if transfer.state == TransferState.PLANNED else ():
        # Ended, not deleted: the trail names it.
        if move.new_membership is not None:
            move.new_membership.revoked_at = now
            move.new_membership.save(update_fields=["revoked_at"])
        if move.invitation is not None:
            move.invitation.revoked_at = now
            move.invitation.save(update_fields=["revoked_at"])
        old = move.old_membership
        # Somebody may have ended it anew meanwhile; that decision stays.
        if old is not None and old.period.upper == transfer.effective_on:
            old.period = Range(old.period.lower, move.old_end)
            old.save(update_fields=["period"])
    transfer.state, transfer.withdrawn_at = TransferState.WITHDRAWN, now
    transfer.save(update_fields=["state", "withdrawn_at"])
    record_event(actor=actor, action="transfer.withdrawn", target=transfer)
    return transfer


def carry_out_due_transfers() -> int:
    """Hand over the duties of every planned transfer whose day has come; each a transaction."""
    due = list(due_transfers(clock.today()).values_list("pk", flat=True))
    for pk in due:
        _carry_out(pk)
    return len(due)


@transaction.atomic
def _carry_out(pk: int) -> None:
    transfer = Transfer.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
    if transfer is None or transfer.state != TransferState.PLANNED:
        return
    moves = list(moves_of(transfer))
    present: dict[tuple[int, int], int] = {}
    people = {one.successor_id or one.user_id for one in moves}
    for one in Membership.objects.filter(
        user__in=people - {None}, period__contains=transfer.effective_on, revoked_at=None
    ).order_by("-pk"):
        present[one.user_id, one.organisation_id] = one.pk
    for move in moves:
        if move.old_membership is None or move.user is None:
            continue
        # Open pages of the old place close; the next request finds the membership ended.
        revoke_streams([move.user])
        to = present.get(
            (move.successor_id or move.user_id or 0, move.old_membership.organisation_id)
        )
        if to is not None:
            move.handed_over_count = hand_over_duties(
                actor=SYSTEM,
                from_membership_id=move.old_membership.pk,
                to_membership_id=to,
                on=transfer.effective_on,
            )
            move.save(update_fields=["handed_over_count"])
    transfer.state, transfer.carried_out_at = TransferState.CARRIED_OUT, clock.now()
    transfer.save(update_fields=["state", "carried_out_at"])
    record_event(
        actor=SYSTEM,
        action="transfer.carried_out",
        target=transfer,
        detail={"handed_over": sum(move.handed_over_count for move in moves)},
    )


def _locked(transfer: Transfer, *states: TransferState) -> Transfer:
    # Two administrators may press the button at once.
    locked = Transfer.objects.select_for_update(of=("self",)).get(pk=transfer.pk)
    if locked.state not in states:
        raise ValidationError(f"この異動は「{locked.get_state_display()}」なので、変えられません。")
    return locked

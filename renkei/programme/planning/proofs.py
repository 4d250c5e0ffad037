"""Taking evidence in and out: the same for bases and tools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.core.exceptions import ValidationError

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock
from renkei.foundation.papers.files import destroy_file, store_file
from renkei.programme.planning.models.proofs import Proof
from renkei.programme.planning.services.issues import refuse_identifiers

Kept = TypeVar("Kept", bound=Proof)
NOTHING: Final = "ファイル・会議・数のどれかを入れてください。"


@dataclass(frozen=True, slots=True)
class ProofFile:
    """What was uploaded; ``content`` None: nothing."""

    content: bytes | None = None
    name: str = ""


def keep_proof(viewer: Viewer, proof: Kept, fields: Mapping[str, Any], file: ProofFile) -> Kept:
    """Check and save one piece of evidence, inside the caller's transaction.

    Raises:
        ValidationError: nothing is shown by it, a day to come, a refused file, or a person's name.
    """
    for name, value in fields.items():
        setattr(proof, name, value)
    if proof.done_on > clock.today():
        raise ValidationError({"done_on": "きょうまでの日付を入力してください。"})
    if file.content is None and proof.meeting_id is None and proof.count is None:
        raise ValidationError({"file": NOTHING})
    refuse_identifiers(proof.text)
    proof.added_at = clock.now()
    assert viewer.membership_id is not None  # noqa: S101 - staff have one
    proof.added_by_id = viewer.membership_id
    if file.content is not None:
        proof.file = store_file(
            actor=viewer.actor, content=file.content, name=file.name,
            owner=(f"planning.{type(proof).__name__.lower()}", proof.uid),
        )  # fmt: skip
    proof.full_clean()
    proof.save()
    return proof


def drop_proof(viewer: Viewer, proof: Proof) -> None:
    """Take it away with its file, inside the caller's transaction."""
    file = proof.file
    proof.delete()
    if file is not None:
        destroy_file(actor=viewer.actor, stored=file)

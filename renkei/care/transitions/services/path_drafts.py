"""Writing a region's own path: a draft out of an edition there is, put right, published."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.transitions.acting import membership_of
from renkei.care.transitions.models import PathDefinition, PathVersion, VersionState
from renkei.care.transitions.path_content import parse
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.text import require_storable

GONE = "この下書きは、公開されたか捨てられています。画面を開き直してください。"


@transaction.atomic
def start_path_draft(*, viewer: Viewer, source: PathVersion, name: str, area: Area) -> PathVersion:
    """A new path of an area, its first draft with the words of another one.

    Raises:
        ValidationError: the name is too long or cannot be stored.
    """
    definition = PathDefinition(
        code=f"path-{uuid.uuid4().hex[:12]}",
        name=require_storable(name.strip()),
        owner_area=area,
    )
    definition.full_clean()
    definition.save()
    content = {**source.content, "title": definition.name, "source": str(source)}
    return _start(viewer, definition, 1, content)


@transaction.atomic
def start_path_revision(*, viewer: Viewer, definition: PathDefinition) -> PathVersion:
    """A draft of the next edition, out of the newest one.

    Raises:
        ValidationError: one is being written already.
    """
    locked = PathDefinition.objects.select_for_update().get(pk=definition.pk)
    newest = locked.versions.latest("number")
    if newest.state == VersionState.DRAFT:
        raise ValidationError("書きかけの版がもうあります。それを直すか、捨ててください。")
    return _start(viewer, locked, newest.number + 1, newest.content)


def _start(
    viewer: Viewer, definition: PathDefinition, number: int, content: Mapping[str, Any]
) -> PathVersion:
    draft = PathVersion.objects.create(definition=definition, number=number, content=dict(content))
    record_event(actor=viewer.actor, action="path_version.drafted", target=draft)
    return draft


@transaction.atomic
def write_path_draft(
    *, viewer: Viewer, draft: PathVersion, content: Mapping[str, Any]
) -> PathVersion:
    """Write the draft anew.

    Raises:
        ValidationError: the content is no path, or the draft is one no more.
    """
    locked = _locked(draft)
    parse(content)
    locked.content = dict(content)
    locked.save(update_fields=["content"])
    record_event(actor=viewer.actor, action="path_version.draft_written", target=locked)
    return locked


@transaction.atomic
def publish_path_draft(*, viewer: Viewer, draft: PathVersion, reason: str) -> PathVersion:
    """The draft becomes the edition new persons are put on; nobody under way is moved.

    Raises:
        ValidationError: the draft is one no more.
    """
    locked = _locked(draft)
    parse(locked.content)
    locked.state, locked.reason = VersionState.PUBLISHED, require_storable(reason)
    locked.published_at, locked.published_by_id = clock.now(), membership_of(viewer)
    locked.save(update_fields=["state", "reason", "published_at", "published_by"])
    record_event(actor=viewer.actor, action="path_version.published", target=locked)
    return locked


@transaction.atomic
def discard_path_draft(*, viewer: Viewer, draft: PathVersion) -> None:
    """Throw a draft away; with the first one the path is gone.

    Raises:
        ValidationError: the draft is one no more.
    """
    locked = _locked(draft)
    definition = locked.definition
    target = ("transitions.PathVersion", str(locked.uid))
    locked.delete()
    if not definition.versions.exists():
        definition.delete()
    record_event(actor=viewer.actor, action="path_version.discarded", target=target)


def _locked(draft: PathVersion) -> PathVersion:
    found = (
        PathVersion.objects.select_for_update(of=("self",))
        .select_related("definition")
        .filter(pk=draft.pk, state=VersionState.DRAFT)
        .first()
    )
    if found is None:
        raise ValidationError(GONE)
    return found

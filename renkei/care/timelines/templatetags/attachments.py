"""Which files of an entry the viewer may see; asked once per page."""

from __future__ import annotations

from django import template
from django.template import Context

from renkei.care.timelines.attachment_queries import document_type_of, visible_types
from renkei.care.timelines.models import Entry, EntryFile

register = template.Library()
_KEPT = "_renkei_visible_document_types"


@register.simple_tag(takes_context=True)
def visible_files(context: Context, entry: Entry) -> list[EntryFile]:
    """``{% visible_files card.entry as files %}``: needs ``door`` and ``request``."""
    files = list(entry.files.all())
    if not files:
        return []
    request = context["request"]
    visible = getattr(request, _KEPT, None)
    if visible is None:
        visible = visible_types(context["door"])
        setattr(request, _KEPT, visible)
    return [one for one in files if document_type_of(one) in visible]

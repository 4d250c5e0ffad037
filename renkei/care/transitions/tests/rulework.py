"""What the tests of the working group share."""

from __future__ import annotations

import io
from datetime import date

import pypdf
from django.test import Client
from django.urls import reverse

from renkei.care.transitions.models import (
    RuleVersion,
)
from renkei.care.transitions.rule_content import parse
from renkei.care.transitions.rule_editing import fingerprint
from renkei.care.transitions.services import drafts
from renkei.care.transitions.tests import factories
from renkei.foundation.accounts.tests import factories as accounts

NOW = factories.at(date(2026, 11, 20), 9)
APRIL = date(2027, 4, 1)


def write(viewer, draft, part, value):
    seen = fingerprint(parse(RuleVersion.objects.get(pk=draft.pk).content), part)
    drafts.write_part(viewer=viewer, draft=draft, part=part, value=value, seen=seen)
    draft.refresh_from_db()


def url(name: str, *arguments: object) -> str:
    return reverse(f"transitions:{name}", args=arguments)


def browser(user) -> Client:
    return accounts.sign_in(Client(), user)


def pdf_text(response) -> str:
    pages = pypdf.PdfReader(io.BytesIO(response.content)).pages
    # Cells break their words over lines.
    return "".join(page.extract_text() for page in pages).replace("\n", "")


def blank_pdf() -> bytes:
    """One sheet as it comes from the copier."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()

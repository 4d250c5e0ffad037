"""The documents are true: words of the database, roles and commands stand in docs/."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps

from renkei.foundation.accounts.models import Role

ROOT = Path(__file__).resolve().parent.parent.parent
DOCS = ROOT / "docs"


def own_models():
    return [model for model in apps.get_models() if model.__module__.startswith("renkei.")]


def test_every_named_field_stands_in_the_glossary():
    glossary = (DOCS / "glossary.md").read_text()
    terms = set(re.findall(r"^\| ([^|]+?) \|", glossary, re.MULTILINE))
    # A field without a Japanese name is no word of the field: ids, hashes, links.
    missing = sorted(
        {
            f"{field.verbose_name!s} ({model.__name__}.{field.name})"
            for model in own_models()
            for field in model._meta.get_fields()
            if hasattr(field, "verbose_name")
            and not str(field.verbose_name).isascii()
            and str(field.verbose_name) not in terms
        }
    )

    assert missing == []


@pytest.mark.parametrize("role", list(Role))
def test_every_role_is_explained(role):
    assert str(role.label) in (DOCS / "glossary.md").read_text()


def test_links_between_documents_lead_somewhere():
    pages = [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "bench").glob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)} → {target}"
        for page in pages
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())
        if not (page.parent / target).exists()
    ]

    assert broken == []

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


def rows_of_proofs(name: str) -> list[tuple[str, str]]:
    """(what is promised, what proves it) of the tables whose last column is a proof."""
    rows, proves = [], False
    for line in (DOCS / name).read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line[:1] == "|" else []
        if not cells:
            proves = False
        elif cells[-1] in {"test", "proof"}:
            proves = True
        elif proves and not set(line) <= set("|- "):
            rows.append((cells[0], cells[-1]))
    return rows


def proofs_there() -> tuple[str, list[str]]:
    found = [*(ROOT / "renkei").rglob("test*"), *(ROOT / "tests").rglob("test*")]
    files = [path for path in found if path.suffix in {"", ".py"} and path.name != "__pycache__"]
    words = "\n".join(path.read_text() for path in files if path.is_file())
    return words, [str(path.relative_to(ROOT)) for path in files]


def stands(reference: str, words: str, files: list[str]) -> bool:
    """Whether a test of this acceptance id, this file, folder or name is there."""
    if re.fullmatch(r"T-[A-Z0-9]+[a-z]?", reference):
        return bool(re.search(rf"def test_(\w+_)?{reference.lower().replace('-', '_')}_", words))
    return (
        f"def {reference}(" in words
        or (ROOT / reference).exists()
        or any(
            path.endswith((f"/{reference}", f"/{reference}.py")) or f"/{reference}/" in path
            for path in files
        )
    )


@pytest.mark.parametrize("name", ["security.md", "threat-model.md"])
def test_every_measure_names_a_test_that_is_there(name):
    words, files = proofs_there()
    wrong = []
    for promise, proof in rows_of_proofs(name):
        # An acceptance id, or one word in backticks; a command has several.
        named = re.findall(r"T-[A-Z]+[0-9]+[a-z]?|(?<=`)[\w/.-]+(?=`)", proof)
        missing = [one for one in named if not stands(one, words, files)]
        if missing or not named:
            wrong.append(f"{promise}: {missing or 'no test'}")

    assert rows_of_proofs(name)
    assert wrong == []

"""Every act that is recorded has words for the officer who searches the trail."""

from __future__ import annotations

import ast

from renkei.foundation.audit.labels import label_of
from tests.architecture.test_code import python_files, relative


def acts_recorded() -> set[str]:
    acts = set()
    for path in python_files():
        if "/tests/" in relative(path) or relative(path).startswith(("tests/", "bench/")):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            for keyword in node.keywords:
                value = keyword.value
                if (
                    keyword.arg == "action"
                    and isinstance(value, ast.Constant)
                    and "." in str(value.value)
                ):
                    acts.add(str(value.value))
    return acts


def test_every_act_has_words():
    unnamed = sorted(act for act in acts_recorded() if label_of(act) == act)

    assert unnamed == [], (
        "name these in ACTS of the room's apps.py (renkei.foundation.audit.labels)"
    )


def test_unknown_act_shows_its_code():
    assert label_of("nothing.happened") == "nothing.happened"

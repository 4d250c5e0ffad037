"""Rules about the code itself (docs/architecture.md)."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
OUTSIDE = re.compile(r"/(views|api|exports|presenters)(\.py|/)")


def tracked_files() -> list[Path]:
    """Every file of the repository, as committed or about to be."""
    command = ["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard", "-z"]
    output = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    return [ROOT / name for name in output.split("\0") if name and (ROOT / name).is_file()]


def python_files() -> list[Path]:
    return [path for path in tracked_files() if path.suffix == ".py"]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_views_reach_no_rows_except_through_queries_and_services():
    offenders = [
        f"{relative(path)}:{number}"
        for path in python_files()
        if OUTSIDE.search("/" + relative(path)) and "/tests/" not in relative(path)
        for number, line in enumerate(path.read_text().split("\n"), start=1)
        if ".objects" in line
    ]

    assert offenders == []


def test_every_import_inside_a_function_carries_a_reason():
    offenders = []
    for path in python_files():
        name = relative(path)
        if "/migrations/" in name or "/tests/" in name or name.startswith(("tests/", "bench/")):
            continue
        lines = path.read_text().split("\n")
        for function in ast.walk(ast.parse("\n".join(lines))):
            if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
                continue
            for node in ast.walk(function):
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    around = lines[node.lineno - 2 : node.lineno]
                    if not any("#" in line for line in around):
                        offenders.append(f"{name}:{node.lineno}")

    assert offenders == []


def test_no_file_names_a_package_registry():
    hosts = ["registry." + "npmjs", "pypi." + "org", "files." + "pythonhosted", "deb." + "debian"]

    assert _files_with(hosts) == []


def test_no_file_holds_a_path_of_a_machine():
    assert _files_with([str(ROOT.parent) + "/", "/ho" + "me/", "/ro" + "ot/"]) == []


def test_no_todo_without_an_issue_number():
    pattern = re.compile(r"#\s*(TO" + r"DO|FIX" + r"ME|XX" + r"X)(?!.*#\d)")
    offenders = [relative(path) for path in python_files() if pattern.search(path.read_text())]

    assert offenders == []


@pytest.mark.parametrize("floor", ["foundation", "registry", "gateways"])
def test_every_room_of_a_floor_is_installed_and_alive(floor):
    from django.conf import settings

    rooms = {
        relative(path.parent).replace("/", ".")
        for path in (ROOT / "renkei" / floor).glob("*/apps.py")
    }

    assert rooms
    assert rooms <= set(settings.INSTALLED_APPS)


def test_no_module_is_longer_than_the_style_allows():
    offenders = [
        f"{relative(path)} {length}"
        for path in python_files()
        if "/migrations/" not in relative(path) and (length := path.read_text().count("\n")) > 600
    ]

    assert offenders == []


def test_no_function_is_longer_than_the_style_allows():
    offenders = []
    for path in python_files():
        name = relative(path)
        if "/tests/" in name or name.startswith("tests/") or "/migrations/" in name:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > 60:
                    offenders.append(f"{name}:{node.lineno} {node.name} {length}")

    assert offenders == []


def _files_with(words: list[str]) -> list[str]:
    found = []
    for path in tracked_files():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        found += [f"{relative(path)}: {word}" for word in words if word in text]
    return found

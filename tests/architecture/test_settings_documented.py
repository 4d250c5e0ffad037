"""Every setting of an installation stands in .env.example, and production refuses careless ones."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
GOOD = {
    "DJANGO_SETTINGS_MODULE": "renkei.settings.production",
    "SECRET_KEY": "k7Jq2-vXw9_Zt4Rb8Ym1Lp6Nc3Hs5Gd0Fe7Ua2Qi9Ow4Ex8Ty1Ru6",
    "FILE_KEY": "Pq3-mKz8_Ws5Vd1Xn7Bt9Lc4Jg2Hf6Ry0Tu8Ei3Oa5Qk1Zx7Nv9Cb2",
    "DATABASE_URL": "postgresql://renkei_app:x@localhost/renkei",
    "ALLOWED_HOSTS": "renkei.example.test",
}


def names_read_by_settings() -> set[str]:
    names = set()
    for path in (ROOT / "renkei" / "settings").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "environment"
                and node.func.attr in {"text", "flag", "number", "words"}
            ):
                assert isinstance(node.args[0], ast.Constant), f"{path.name}: a name must be plain"
                names.add(str(node.args[0].value))
    return names


def names_in_example() -> set[str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    return {line.split("=")[0] for line in lines if line and not line.startswith("#")}


def test_every_setting_stands_in_the_example():
    assert names_read_by_settings() - names_in_example() == set()


def test_example_names_nothing_that_is_not_read():
    # Read by the processes themselves, before there are settings.
    before = {"DJANGO_SETTINGS_MODULE", "RENKEI_HOST", "RENKEI_PORT", "RENKEI_LIVE_PORT"}

    assert names_in_example() - names_read_by_settings() - before == set()


def start(**changes: str) -> tuple[int, str]:
    """Read the production settings in a process of their own."""
    environment = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
    environment |= {name: value for name, value in {**GOOD, **changes}.items() if value}
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import django; django.setup(); from django.conf import settings; settings.DEMO",
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


def test_production_starts_with_good_settings():
    assert start() == (0, "")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": ""}, "環境変数 SECRET_KEY を設定してください"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY には50文字以上のでたらめな値を設定してください。"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY には50文字以上のでたらめな値を設定してください。"),
        ({"SECRET_KEY": "change-me-" + GOOD["SECRET_KEY"]}, "SECRET_KEY には50文字以上"),
        ({"SECRET_KEY": "only-for-tests-" + "x" * 40}, "SECRET_KEY には50文字以上"),
        ({"FILE_KEY": ""}, "環境変数 FILE_KEY を設定してください"),
        ({"FILE_KEY": "short"}, "FILE_KEY には50文字以上のでたらめな値を設定してください。"),
        ({"FILE_KEY": GOOD["SECRET_KEY"]}, "FILE_KEY には SECRET_KEY と違う値を"),
        ({"DATABASE_URL": ""}, "環境変数 DATABASE_URL を設定してください"),
        ({"DATABASE_URL": "sqlite:///x"}, "DATABASE_URL は postgresql:// で始まる値"),
        ({"ALLOWED_HOSTS": ""}, "環境変数 ALLOWED_HOSTS を設定してください"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS には"),
        ({"EMAIL_PORT": "abc"}, "環境変数 EMAIL_PORT は整数で設定してください"),
        (
            {"OIDC_ISSUER": "https://idp.example.test"},
            "OIDC_EMAIL_DOMAINS に職員のメールアドレスのドメインを設定してください。",
        ),
        (
            {
                "OIDC_ISSUER": "http://idp.example.test",
                "OIDC_CLIENT_ID": "x",
                "OIDC_CLIENT_SECRET": "y",
                "OIDC_EMAIL_DOMAINS": "city.example.test",
            },
            "OIDC_ISSUER は https:// で始まる値にしてください。",
        ),
        (
            {"OIDC_ISSUER": "https://idp.example.test", "OIDC_EMAIL_DOMAINS": "city.example.test"},
            "環境変数 OIDC_CLIENT_ID を設定してください",
        ),
    ],
)
def test_production_refuses_careless_settings_in_one_sentence(changes, sentence):
    code, error = start(**changes)

    assert code != 0
    assert sentence in error.splitlines()[-1]

"""Killed in the middle of uploads: every acknowledged file is there once, none is half there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from django.db import connection

from renkei.foundation.papers import files, sweeping
from renkei.foundation.papers.models import StoredFile

UPLOADS = """
import django, io, uuid
django.setup()
from PIL import Image
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.papers.files import store_file
buffer = io.BytesIO()
Image.effect_noise((600, 600), 80).save(buffer, "JPEG")
while True:
    owner = ("test.crash", uuid.uuid4())
    stored = store_file(actor=SYSTEM, content=buffer.getvalue(), name="x.jpg", owner=owner)
    print(stored.uid, flush=True)
"""


def uploader(folder):
    """A process of its own that keeps files until it is killed."""
    values = connection.settings_dict
    url = (
        f"postgresql://{values['USER']}:{quote(values['PASSWORD'])}@/{values['NAME']}"
        f"?host={quote(values['HOST'])}"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "renkei.settings.dev",
        "DATABASE_URL": url,
        "RENKEI_VAR": str(folder),
        "SECRET_KEY": django_settings.SECRET_KEY,
        "FILE_KEY": django_settings.FILE_KEY,
    }
    return subprocess.Popen(
        [sys.executable, "-c", UPLOADS], env=environment, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.django_db(transaction=True)
def test_acknowledged_uploads_survive_sigkill_and_nothing_is_half_there(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "papers": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "papers", "base_url": None},
        },
    }
    acknowledged = set()

    for moment in (0.003, 0.017):
        process = uploader(tmp_path)
        assert process.stdout is not None
        acknowledged |= {process.stdout.readline().strip() for _ in range(4)}
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        acknowledged |= {line.strip() for line in process.stdout if line.endswith("\n")}
        process.wait()
        process.stdout.close()

    rows = list(StoredFile.objects.all())
    assert acknowledged <= {str(row.uid) for row in rows}
    for row in rows:
        assert files.read_file(row).startswith(b"\xff\xd8")
        assert files.thumbnail(row)
    # What the kill left behind has no row, and is what the sweep looks for.
    lying = {f"{path.parent.name}/{path.name}" for path in (tmp_path / "papers").glob("*/*")}
    named = sweeping._named_by_rows(sorted(lying))
    assert {row.storage_name for row in rows} | {row.thumbnail_name for row in rows} == named
    assert len(lying - named) <= 2 * 2

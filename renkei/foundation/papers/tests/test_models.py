"""What the database itself refuses."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError

from renkei.foundation.common import clock
from renkei.foundation.papers.models import StoredFile


def test_destroyed_file_cannot_keep_its_key(db):
    with pytest.raises(IntegrityError, match="stored_file_destroyed_means_no_key"):
        StoredFile.objects.create(
            owner_kind="test",
            owner_uid=uuid4(),
            media_type="text/plain",
            size=1,
            digest="0" * 64,
            storage_name="x",
            sealed_key=b"key",
            key_id="k",
            made_at=clock.now(),
            destroyed_at=clock.now(),
        )

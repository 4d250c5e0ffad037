"""Scenes have one code everywhere, and those written before were renamed."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from renkei.programme.indicators.models import IndicatorVersion, Scene
from renkei.programme.indicators.tests import factories
from renkei.programme.planning import frames


def test_plans_call_the_four_scenes_as_the_indicators_do():
    assert frames.Scene.choices == Scene.choices[:4]
    assert frames.Scene.values == ["daily", "hospital", "acute", "end"]


@pytest.mark.django_db
def test_the_old_codes_are_renamed_and_back():
    step = import_module("renkei.programme.indicators.migrations.0005_scene_codes_of_plans")
    old = factories.make_version(scenes=["discharge", "emergency", "end_of_life", "daily"])
    other = factories.make_version(scenes=["programme"])

    step.forwards(apps, None)

    renamed = IndicatorVersion.objects.get(pk=old.pk)
    assert renamed.scenes == ["hospital", "acute", "end", "daily"]
    assert IndicatorVersion.objects.get(pk=other.pk).scenes == ["programme"]
    step.backwards(apps, None)
    assert IndicatorVersion.objects.get(pk=old.pk).scenes == old.scenes

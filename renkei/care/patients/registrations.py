"""What this room registers with the rooms below it, once, when the application starts."""

from __future__ import annotations

from renkei.care.patients import papers, tabs


def register_all() -> None:
    """Pages of a person. Places: the timeline before them, 100–190 here, sheets after."""
    tabs.register(tabs.PersonTab("basic", "基本情報", "patients:patient_detail", 100))
    tabs.register(tabs.PersonTab("consent", "同意", "patients:consent_detail", 110))
    papers.register()

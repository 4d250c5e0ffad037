"""Which addresses are about a person, found by walking the URLs: a new page is crawled by itself.

An argument ``case_uid`` means the row of the story whose model's name ends in "case". An address is
about a person when one of its arguments means a row that belongs to one. What the crawl cannot
guess fails ``test_t_d3_every_address_that_takes_a_person_is_crawled`` with a sentence saying what
to add, and where.
"""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.apps import apps
from django.db.models import Model
from django.urls import URLResolver, get_resolver, reverse

from renkei.foundation.accounts.viewers import Viewer

if TYPE_CHECKING:
    from tests.person_story import Story

# Rooms below care that keep something of a person.
BELOW = ("papers", "sheets", "notifications")
# Arguments whose name does not end the name of the model they mean.
MEANT = {
    "record_uid": "Disposal",
    "other_uid": "PossibleDuplicate",
    # Drafts of a region's rule; editions of its conditions on wishes.
    "draft_uid": "RuleVersion",
    "edition_uid": "WishConditions",
}
# Of a person, though no column says so.
OF_A_PERSON = {"Patient", "VisitLease", "Scan"}
# What a word in an address may be.
WORDS = {
    "code": ("care_card", "pulse"),
    "step": ("starts", "accept", "refuse", "cancel"),
    "audience": ("care_manager", "family"),
    "what": ("doctors", "hospital"),
    "act": ("reached", "ended", "withdrawn", "extended"),
    "kind": ("pdf", "xlsx", "json", "consent", "contact", "discharge-notified"),
}
# A lease changes with every question for it; an address of mail and a form that municipalities
# share hold no person.
NOT_ASKED = {"timelines:visit_lease_add", "notifications:mail_confirm", "sheets:form_unshare"}
# About a person, and yet nobody of the team opens them in the story: why. Outsiders are asked.
_SCAN = "a scan is its office's; the story's belongs to another office"
_STATE = "the story's row is in another state, and cannot be in both"
_MADE_NOW = "only in the session that made it a moment ago"
_PARTNER = "those offices' that look back on the event; the story's is another"
_HOSPITAL = "the hospital's that was asked"
_OFFICER = "the privacy officer's"
OUT_OF_REACH = {
    "papers:scan_detail": _SCAN,
    "papers:scan_progress": _SCAN,
    "papers:page_detail": _SCAN,
    "papers:page_picture": _SCAN,
    "papers:page_discard": _SCAN,
    "papers:page_restore": _SCAN,
    "papers:fax_confirm": _SCAN,
    "patients:patient_merge": _STATE,
    "patients:merge_undo": _STATE,
    "patients:consent_scan": "the story's paper has not been scanned",
    "patients:invitation_answer": _STATE,
    "patients:invitation_withdraw": _STATE,
    "patients:family_sheet": _MADE_NOW,
    "patients:card_file": _MADE_NOW,
    "patients:card_kit": _MADE_NOW,
    "patients:break_glass_review": _OFFICER,
    "patients:patient_reopen": _STATE,
    "transitions:family_contacts_confirm": _STATE,
    "patients:disposal_decide": _STATE,
    "patients:disposal_certificate": _STATE,
    "timelines:file_thumbnail": "the story's file is a text",
    "timelines:file_page": "the story's file is a text",
    "timelines:call_list": "the story's entry is no urgent one",
    "timelines:link_new": "the document to send is named in the query",
    "timelines:hidden_entry": _OFFICER,
    "transitions:hospital_answer": _HOSPITAL,
    "transitions:pair_agree": _STATE,
    "transitions:referral_accept": "the receiving office's; the story's is outside",
    "transitions:referral_document": "the story's referral sends no document",
    "transitions:referral_paper": _STATE,
    "transitions:review_action_add": _PARTNER,
    "transitions:review_action_done": _PARTNER,
    "transitions:review_answer": _PARTNER,
    "transitions:review_close": _PARTNER,
    "transitions:review_detail": _PARTNER,
    "transitions:review_finding_add": _PARTNER,
    "transitions:review_finding_take_back": _PARTNER,
    "transitions:review_partner_add": _PARTNER,
    "transitions:sending_detail": "the story's form was handed over in no stay",
    "transitions:sending_file": "the story's form was handed over in no stay",
    "transitions:wish_fact_add": "the story's town has no conditions in force",
}


class Secret(str):
    """A text in an address that nobody can guess."""

    __slots__ = ()


@dataclass(frozen=True, eq=False)
class Address:
    """One URL of a room that may hold something of a person."""

    name: str
    converters: dict[str, Any]
    view: Any

    def lets_in(self, viewer: Viewer) -> bool:
        """Whether its guard leaves the answer to the view; the permission matrix proves the rest."""
        rule = getattr(self.view, "staff_rule", None)
        return rule is None or rule(viewer)

    @property
    def room(self) -> str:
        return self.name.partition(":")[0]

    @property
    def is_about_a_person(self) -> bool:
        return self.name not in NOT_ASKED and any(
            is_text(converter) and name in {"token", "code"}
            if not is_uid(converter)
            else any(belongs_to_a_person(model) for model in meant(self.room, name))
            for name, converter in self.converters.items()
        )

    def candidates(self, story: Story) -> Iterator[dict[str, Any]]:
        """Arguments of the story that fit; of several, words that do not belong here as well."""
        choices = {
            name: list(_values(story, self.room, name, converter))
            for name, converter in self.converters.items()
        }
        for values in itertools.product(*choices.values()):
            yield dict(zip(choices, values, strict=True))

    def unknown(self) -> Iterator[str]:
        """Arguments nothing is known of, as sentences."""
        for name, converter in self.converters.items():
            if is_uid(converter) and not meant(self.room, name):
                yield (
                    f"{self.name}: no model with a uid has a name ending as {name!r} says."
                    " Name the model in MEANT (tests/person_addresses.py)."
                )

    def url(self, arguments: dict[str, Any]) -> str:
        return reverse(self.name, kwargs=arguments)


@cache
def addresses() -> tuple[Address, ...]:
    """Every URL of the rooms of care and of those below that keep something of a person."""
    return tuple(_walk(get_resolver(), "", {}))


def _walk(resolver: Any, namespace: str, found: dict[str, Any]) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        converters = {**found, **entry.pattern.converters}
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, inner, converters)
        elif is_of_care(entry.callback.__module__) and f"{namespace}{entry.name}" not in NOT_ASKED:
            yield Address(f"{namespace}{entry.name}", converters, entry.callback)


def is_of_care(module: str) -> bool:
    """Whether a view lives in a room that may hold something of a person."""
    below = tuple(f"renkei.foundation.{room}." for room in BELOW)
    return module.startswith(("renkei.care.", *below))


@cache
def rooms() -> tuple[str, ...]:
    """Labels of the rooms that keep something of a person."""
    care = [one.label for one in apps.get_app_configs() if one.name.startswith("renkei.care.")]
    return (*care, *BELOW)


@cache
def meant(room: str, argument: str) -> tuple[type[Model], ...]:
    """The models whose uid an argument may be."""
    word = MEANT.get(argument, argument.removesuffix("uid")).replace("_", "").lower()
    if not word:
        names = {"patient"} if room == "patients" else set()
        return tuple(
            model
            for model in apps.get_app_config(room).get_models()
            if _has_uid(model) and (not names or model.__name__.lower() in names)
        )
    found = [
        model
        for model in apps.get_models()
        if _has_uid(model) and model.__name__.lower().endswith(word)
    ]
    # The own room's, where it has one: two rooms may have drafts.
    return tuple([model for model in found if model._meta.app_label == room] or found)


def _has_uid(model: type[Model]) -> bool:
    return any(field.name == "uid" for field in model._meta.concrete_fields)


@cache
def belongs_to_a_person(model: type[Model]) -> bool:
    """Whether a row is of one person: by a column, or by the row it hangs on."""
    if model.__name__ in OF_A_PERSON:
        return True
    if model._meta.app_label not in rooms():
        return False
    return any(
        field.name == "subject_uid"
        or (
            field.is_relation
            and field.related_model is not model
            and belongs_to_a_person(field.related_model)
        )
        for field in model._meta.concrete_fields
    )


def is_uid(converter: Any) -> bool:
    return type(converter).__name__ == "UUIDConverter"


def is_text(converter: Any) -> bool:
    """Any text fits: where no row's uid does, it is a link's or a card's secret."""
    return type(converter).__name__ == "StringConverter"


def _values(story: Story, room: str, name: str, converter: Any) -> Iterator[Any]:
    if is_uid(converter):
        names = [model.__name__ for model in meant(room, name)]
        yield from (uid for one in names if one in story.rows for uid in story.uids_of(one))
    elif is_text(converter) and name in story.secrets:
        yield from (Secret(text) for text in story.secrets[name])
    elif type(converter).__name__ == "IntConverter":
        yield 1
    else:
        yield from WORDS.get(name, ())


def nowhere(arguments: dict[str, Any]) -> dict[str, Any]:
    """The same arguments for a row that was never there."""
    return {key: _other(value) for key, value in arguments.items()}


def _other(value: Any) -> Any:
    if isinstance(value, UUID):
        return uuid4()
    return Secret(secrets.token_urlsafe(24)) if isinstance(value, Secret) else value

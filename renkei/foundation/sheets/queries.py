"""Reading forms and answers.

Whether the viewer may see a subject is not known here: rooms above check that first.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from renkei.foundation.accounts.models import Organisation
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.agreements import agreements_in_force
from renkei.foundation.areas.models import Agreement, Area
from renkei.foundation.common import clock
from renkei.foundation.sheets.models import (
    Answer,
    Draft,
    Form,
    FormAdoption,
    FormShare,
    FormVersion,
    OfficeWorkbook,
    VersionState,
)


def area_of(viewer: Viewer) -> Area | None:
    """The area whose forms a viewer looks after or fills in; None where the office has none."""
    if viewer.organisation_id is None:
        return None
    office = Organisation.objects.select_related("area").filter(pk=viewer.organisation_id).first()
    return office.area if office else None


# Editions in force ------------------------------------------------------------------------


def shares_reaching(area: Area | None, day: date) -> QuerySet[FormShare]:
    """Shares that reach an area on a day: both sides are members of an agreement in force."""
    agreements = agreements_in_force(area, day)
    return FormShare.objects.filter(
        agreement__in=agreements, ended_at=None, form__owner_area__isnull=False
    ).filter(
        # The owner has to be a member on that day as well.
        agreement__members__area=F("form__owner_area"),
        agreement__members__period__contains=day,
        agreement__members__confirmed_at__isnull=False,
    )


def usable_versions(area: Area | None, day: date) -> QuerySet[FormVersion]:
    """Every edition an area may fill in on a day: its own, what it adopted, what was shipped.

    Best first under each code: own before adopted before shipped, newer before older.
    """
    adopted = FormAdoption.objects.filter(
        area=area, ended_at=None, share__in=shares_reaching(area, day)
    )
    own = Q(form__owner_area=area) if area else Q(pk__in=())
    shipped = Q(form__owner_area=None)
    in_force = Q(period__contains=day) & (own | shipped)
    return (
        FormVersion.objects.filter(state=VersionState.PUBLISHED)
        .filter(in_force | Q(pk__in=adopted.values("version")))
        .annotate(
            preference=Case(
                When(own, then=Value(0)),
                When(shipped, then=Value(2)),
                default=Value(1),
                output_field=IntegerField(),
            )
        )
        .select_related("form", "form__owner_area")
        .order_by("form__code", "preference", "-number")
    )


def version_in_force(code: str, *, area: Area | None = None, on: date | None = None) -> FormVersion:
    """The edition of a form an area fills in on a day.

    Raises:
        FormVersion.DoesNotExist: there is none.
    """
    version = usable_versions(area, on or clock.today()).filter(form__code=code).first()
    if version is None:
        raise FormVersion.DoesNotExist(code)
    return version


def versions_in_force(
    *, area: Area | None = None, on: date | None = None, kind: str = ""
) -> list[FormVersion]:
    """The edition of every form an area fills in on a day, by name; one query."""
    versions = usable_versions(area, on or clock.today())
    if kind:
        versions = versions.filter(form__kind=kind)
    best: dict[str, FormVersion] = {}
    for version in versions:
        best.setdefault(version.form.code, version)
    return sorted(best.values(), key=lambda version: version.form.name)


# Answers ----------------------------------------------------------------------------------


def answers_of(
    subject_uid: UUID, form: Form | str | None = None, *, also: Collection[UUID] = ()
) -> QuerySet[Answer]:
    """Answers about a subject, newest first, with what a list shows of them.

    ``also``: what the subject was called before two of them turned out to be one; answers never
    change, so theirs keep the old name.
    """
    answers = Answer.objects.filter(subject_uid__in=[subject_uid, *also])
    if isinstance(form, Form):
        answers = answers.filter(version__form=form)
    elif form is not None:
        answers = answers.filter(version__form__code=form)
    return answers.select_related("version__form", "author", "membership", "organisation").order_by(
        "-answered_at", "-pk"
    )


def latest_answer(form: Form | str, subject_uid: UUID) -> Answer | None:
    """The newest answer about a subject on any edition of a form."""
    return answers_of(subject_uid, form).first()


def previous_answer(answer: Answer) -> Answer | None:
    """What an answer replaced, else the one given before it on the same form."""
    if answer.replaces_id:
        return answers_of(answer.subject_uid).filter(pk=answer.replaces_id).first()
    return (
        answers_of(answer.subject_uid, answer.version.form)
        .filter(
            Q(answered_at__lt=answer.answered_at)
            | Q(answered_at=answer.answered_at, pk__lt=answer.pk)
        )
        .first()
    )


def answer_of(subject_uid: UUID, answer_uid: UUID) -> Answer:
    """One answer of a subject.

    Raises:
        Answer.DoesNotExist: there is none, or it is about somebody else.
    """
    return answers_of(subject_uid).get(uid=answer_uid)


def _of_office(organisation_id: int | None) -> Q:
    """Nobody's office is an office of its own, never everybody's."""
    if organisation_id is None:
        return Q(organisation=None)
    return Q(organisation_id=organisation_id)


def drafts_of(subject_uid: UUID, *, organisation_id: int | None) -> QuerySet[Draft]:
    """What an office has begun to write about a subject, newest first."""
    return (
        Draft.objects.filter(_of_office(organisation_id), subject_uid=subject_uid)
        .select_related("version__form", "author", "base_answer")
        .order_by("-saved_at")
    )


def draft_for(
    version: FormVersion, subject_uid: UUID, *, organisation_id: int | None
) -> Draft | None:
    """An office's draft on one edition."""
    return drafts_of(subject_uid, organisation_id=organisation_id).filter(version=version).first()


def office_workbooks_of(
    organisation_id: int | None, *, version: FormVersion | None = None
) -> QuerySet[OfficeWorkbook]:
    """The office's own workbooks, for one edition or all."""
    workbooks = OfficeWorkbook.objects.filter(_of_office(organisation_id), withdrawn_at=None)
    if version:
        workbooks = workbooks.filter(version=version)
    return workbooks.select_related("version__form", "file").order_by("version__form__name", "pk")


# For the editor ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListedForm:
    """One form in the editor's list with the edition in force and the one being written."""

    form: Form
    in_force: FormVersion | None
    draft: FormVersion | None
    coming: FormVersion | None
    shared_with: tuple[str, ...]


def forms_owned_by(area: Area | None) -> QuerySet[Form]:
    """The forms of a municipality; the shipped ones for no area."""
    return Form.objects.filter(owner_area=area).order_by("name", "pk")


def listed_forms(forms: QuerySet[Form], day: date) -> list[ListedForm]:
    """Forms with their editions, in three queries however many there are."""
    rows = list(forms.select_related("owner_area"))
    versions: dict[int, list[FormVersion]] = {}
    for version in FormVersion.objects.filter(form__in=rows).order_by("-number"):
        versions.setdefault(version.form_id, []).append(version)
    shared: dict[int, list[str]] = {}
    for form_id, name in FormShare.objects.filter(form__in=rows, ended_at=None).values_list(
        "form", "agreement__name"
    ):
        shared.setdefault(form_id, []).append(name)
    return [
        _listed(form, versions.get(form.pk, []), tuple(shared.get(form.pk, [])), day)
        for form in rows
    ]


def _listed(
    form: Form, versions: list[FormVersion], shared_with: tuple[str, ...], day: date
) -> ListedForm:
    published = [one for one in versions if one.state == VersionState.PUBLISHED and one.period]
    return ListedForm(
        form=form,
        in_force=next((one for one in published if day in one.period), None),
        draft=next((one for one in versions if one.state == VersionState.DRAFT), None),
        coming=next((one for one in published if (one.valid_from or day) > day), None),
        shared_with=shared_with,
    )


def forms_visible_to(area: Area | None, day: date) -> QuerySet[Form]:
    """Forms whose editions people of an area may look at: own, shipped, offered or adopted."""
    offered = shares_reaching(area, day).values("form")
    own = Q(owner_area=area) if area else Q(owner_area=None)
    return Form.objects.filter(own | Q(owner_area=None) | Q(pk__in=offered))


def versions_visible_to(area: Area | None, day: date) -> QuerySet[FormVersion]:
    """Their editions; what another municipality is still writing stays its own."""
    own = Q(form__owner_area=area) if area else Q(form__owner_area=None)
    return (
        FormVersion.objects.filter(form__in=forms_visible_to(area, day))
        .filter(own | ~Q(state=VersionState.DRAFT))
        .select_related("form", "form__owner_area", "published_by")
        .order_by("form", "-number")
    )


def owned_versions(area: Area) -> QuerySet[FormVersion]:
    """Every edition of a municipality's own forms."""
    return FormVersion.objects.filter(form__owner_area=area).select_related("form__owner_area")


def draft_versions(area: Area) -> QuerySet[FormVersion]:
    """The editions a municipality is writing."""
    return owned_versions(area).filter(state=VersionState.DRAFT)


def version_before(version: FormVersion) -> FormVersion | None:
    """The edition a version changed: the newest published one with a lower number."""
    return (
        FormVersion.objects.filter(form=version.form_id, number__lt=version.number)
        .exclude(state=VersionState.DRAFT)
        .order_by("-number")
        .first()
    )


def copyable_versions(area: Area, day: date) -> QuerySet[FormVersion]:
    """What a new form may begin as: published editions of forms the area may look at."""
    return (
        versions_visible_to(area, day)
        .filter(state=VersionState.PUBLISHED)
        .order_by("form__name", "-number")
    )


def adoptions_by(area: Area) -> QuerySet[FormAdoption]:
    """What a municipality has adopted and still uses."""
    return FormAdoption.objects.filter(area=area, ended_at=None).select_related("version__form")


@dataclass(frozen=True, slots=True)
class OfferedForm:
    """A form another municipality offers, with what this one has adopted of it."""

    share: FormShare
    newest: FormVersion | None
    adoption: FormAdoption | None


def offered_forms(area: Area | None, day: date) -> list[OfferedForm]:
    """What reaches an area along agreements in force, without its own forms; three queries."""
    shares = list(
        shares_reaching(area, day)
        .exclude(form__owner_area=area)
        .select_related("form__owner_area", "agreement")
        .order_by("form__name", "pk")
    )
    adoptions = {
        adoption.version.form_id: adoption
        for adoption in FormAdoption.objects.filter(
            area=area, ended_at=None, share__in=shares
        ).select_related("version__form", "adopted_by")
    }
    newest: dict[int, FormVersion] = {}
    for version in FormVersion.objects.filter(
        form__in=[share.form_id for share in shares], state=VersionState.PUBLISHED
    ).order_by("number"):
        newest[version.form_id] = version
    return [
        OfferedForm(share, newest.get(share.form_id), adoptions.get(share.form_id))
        for share in shares
    ]


def share_reaching(area: Area | None, version: FormVersion, day: date) -> FormShare | None:
    """The share by which an area may adopt an edition."""
    return shares_reaching(area, day).filter(form=version.form).order_by("pk").first()


def agreements_for_sharing(area: Area | None, day: date) -> QuerySet[Agreement]:
    """The agreements along which an area may share its forms."""
    return agreements_in_force(area, day)


def shares_of(form: Form) -> QuerySet[FormShare]:
    """The agreements along which a form is shared now."""
    return FormShare.objects.filter(form=form, ended_at=None).select_related("agreement")

"""Forms along an agreement (協定): offered by their owner, adopted by its other members."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.foundation.areas.agreements import agreements_in_force
from renkei.foundation.areas.models import Agreement, Area
from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.sheets.models import Form, FormAdoption, FormShare, FormVersion, VersionState
from renkei.foundation.sheets.queries import share_reaching


@transaction.atomic
def share_form(*, actor: Actor, form: Form, agreement: Agreement) -> FormShare:
    """Offer a form to the members of an agreement, as long as it holds.

    Raises:
        ValidationError: the owner is no member today, or it is shared already.
    """
    if not agreements_in_force(form.owner_area, clock.today()).filter(pk=agreement.pk).exists():
        raise ValidationError(
            "この協定には、いま加わっていません。続いている協定を選んでください。"
        )
    share = FormShare(form=form, agreement=agreement, shared_at=clock.now())
    share.full_clean()
    share.save()
    record_event(
        actor=actor,
        action="sheets.form_shared",
        target=form,
        detail={"agreement": str(agreement.uid)},
    )
    return share


@transaction.atomic
def stop_sharing(*, actor: Actor, share: FormShare) -> None:
    """Take the offer back; who adopted the form stops using it with it. Answers stay."""
    share.ended_at = clock.now()
    share.save(update_fields=["ended_at"])
    record_event(
        actor=actor,
        action="sheets.form_unshared",
        target=share.form,
        detail={"agreement": str(share.agreement.uid)},
    )


@transaction.atomic
def adopt_version(
    *, actor: Actor, version: FormVersion, area: Area, announcement: str
) -> FormAdoption:
    """Use another municipality's edition from now on, instead of an older one of that form.

    Raises:
        ValidationError: no agreement in force brings it here, or it is adopted already.
    """
    share = share_reaching(area, version, clock.today())
    if share is None or version.state != VersionState.PUBLISHED:
        raise ValidationError(
            "この様式を共有している協定に、いま加わっていません。協定の期間を確かめてください。"
        )
    older = FormAdoption.objects.select_for_update().filter(
        area=area, version__form=version.form, ended_at=None
    )
    older.exclude(version=version).update(ended_at=clock.now())
    adoption = FormAdoption(
        version=version,
        share=share,
        area=area,
        adopted_at=clock.now(),
        adopted_by_id=actor.user_id,
        announcement=announcement,
    )
    # The system itself adopts without a user.
    adoption.full_clean(exclude=["adopted_by"])
    adoption.save()
    record_event(
        actor=actor,
        action="sheets.version_adopted",
        target=version,
        detail={"area": area.pk},
    )
    return adoption


@transaction.atomic
def end_adoption(*, actor: Actor, adoption: FormAdoption) -> None:
    """Stop using another municipality's form; answers given on it stay."""
    adoption.ended_at = clock.now()
    adoption.save(update_fields=["ended_at"])
    record_event(actor=actor, action="sheets.adoption_ended", target=adoption.version)

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone


def confirm_present_members(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Whoever was a member before confirmation existed had been put there by agreement."""
    members = apps.get_model("areas", "AgreementMember").objects
    waiting = members.using(schema_editor.connection.alias).filter(
        refused_at=None, confirmed_at=None
    )
    waiting.update(confirmed_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("areas", "0003_agreement"),
    ]

    operations = [
        migrations.AddField(
            model_name="agreement",
            name="proposer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="areas.area",
                verbose_name="提案した市町村",
            ),
        ),
        migrations.AddField(
            model_name="agreementmember",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="返事をした人",
            ),
        ),
        migrations.AddField(
            model_name="agreementmember",
            name="confirmed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="確認した日時"),
        ),
        migrations.AddField(
            model_name="agreementmember",
            name="refused_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="断った日時"),
        ),
        migrations.AddConstraint(
            model_name="agreementmember",
            constraint=models.CheckConstraint(
                condition=models.Q(("confirmed_at", None), ("refused_at", None), _connector="OR"),
                name="agreement_member_one_answer",
            ),
        ),
        migrations.RunPython(confirm_present_members, migrations.RunPython.noop),
    ]

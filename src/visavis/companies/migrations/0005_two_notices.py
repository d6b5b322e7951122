from django.db import migrations, models
from django.db.models import F


def as_for_cancelling(apps, schema_editor):
    apps.get_model("companies", "Company").objects.update(
        move_notice_minutes=F("cancel_notice_minutes")
    )


class Migration(migrations.Migration):
    dependencies = [("companies", "0004_rules_version")]

    operations = [
        migrations.RenameField("company", "change_notice_minutes", "cancel_notice_minutes"),
        migrations.AlterField(
            "company",
            "cancel_notice_minutes",
            models.PositiveIntegerField(default=1440, verbose_name="notice for cancelling"),
        ),
        migrations.AddField(
            "company",
            "move_notice_minutes",
            models.PositiveIntegerField(default=1440, verbose_name="notice for moving"),
        ),
        migrations.RunPython(as_for_cancelling, migrations.RunPython.noop),
    ]

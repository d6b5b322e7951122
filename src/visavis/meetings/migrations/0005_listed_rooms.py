import django.db.models.deletion
import visavis.companies.models
from django.db import migrations, models


def remove_what_was_left_behind(apps, schema_editor):
    rooms = apps.get_model("meetings", "Room").objects.filter(left_behind=True)
    rooms.update(remove_at=models.F("closed_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0003_holidays'),
        ('meetings', '0004_personal_links'),
    ]

    operations = [
        migrations.AddField(
            model_name='room',
            name='plan',
            field=models.CharField(blank=True, max_length=250),
        ),
        migrations.AddField(
            model_name='room',
            name='provider',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='catalog.provider'),
        ),
        migrations.AddField(
            model_name='room',
            name='reference',
            field=models.CharField(default=visavis.companies.models.new_token, editable=False, max_length=48),
        ),
        migrations.AddField(
            model_name='room',
            name='remove_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(remove_what_was_left_behind, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name='room',
            name='left_behind',
        ),
        migrations.AlterField(
            model_name='room',
            name='closed_because',
            field=models.CharField(blank=True, choices=[('ended', 'The meeting ended'), ('unwanted', 'The appointment was cancelled or moved'), ('host_changed', 'Another host took over'), ('answer_lost', "The platform's answer was lost"), ('refused', 'The platform refused'), ('vanished', 'It was deleted at the platform'), ('failed', 'The platform failed, and everybody met elsewhere')], max_length=20),
        ),
        migrations.AddIndex(
            model_name='room',
            index=models.Index(condition=models.Q(('remove_at__isnull', False)), fields=['remove_at'], name='room_to_remove'),
        ),
    ]

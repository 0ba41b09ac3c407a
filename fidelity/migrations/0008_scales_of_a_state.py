"""Who added a state's own scale, and when; the scale of 15 items."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from fidelity.migrations._shipped import load_shipped


class Migration(migrations.Migration):
    dependencies = [
        ("fidelity", "0007_visits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="scaleversion",
            name="added_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="scaleversion",
            name="added_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(load_shipped, migrations.RunPython.noop),
    ]

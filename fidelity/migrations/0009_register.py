import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import agencies.tenancy
from agencies.enclosure import Enclose


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0005_need"),
        ("fidelity", "0008_scales_of_a_state"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReviewerTraining",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("training", "Reviewer training taken"), ("shadowed", "Review shadowed")],
                        max_length=10,
                    ),
                ),
                ("held_on", models.DateField()),
                ("words", models.CharField(max_length=200)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("form_key", models.UUIDField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "state",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.state"
                    ),
                ),
            ],
            options={
                "ordering": ("-held_on", "-id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("state", "form_key"), name="a_form_writes_a_training_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True), name="a_training_says_which"
                    ),
                ],
            },
        ),
        Enclose("ReviewerTraining", "state", deletable=True),
    ]

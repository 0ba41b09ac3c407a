"""A file is imported once in whole; one whose rows were partly left out may come again for these."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0012_many_teams")]

    operations = [
        migrations.RemoveConstraint("outcomeimport", "a_person_imports_a_file_once"),
        migrations.AddConstraint(
            "outcomeimport",
            models.UniqueConstraint(
                fields=["state", "uploaded_by", "sha256"],
                condition=Q(status="previewed") | Q(status="done", left_out=[]),
                name="a_person_imports_a_file_once",
            ),
        ),
    ]

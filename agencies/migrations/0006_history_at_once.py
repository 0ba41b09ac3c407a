"""The history of many rows takes each row once; what it says is the same."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("agencies", "0005_need")]

    operations = [
        migrations.RunSQL(
            Path(__file__).with_name("0006_functions.sql").read_text(), migrations.RunSQL.noop
        ),
    ]

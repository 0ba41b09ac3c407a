"""Loads the scales that ship with the portal. A new edition of a scale is a new file and a new migration like this."""

from django.db import migrations

from fidelity.migrations._shipped import load_shipped


class Migration(migrations.Migration):
    dependencies = [("fidelity", "0001_initial")]
    operations = [migrations.RunPython(load_shipped, migrations.RunPython.noop)]

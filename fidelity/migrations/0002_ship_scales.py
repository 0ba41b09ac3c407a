"""Loads the scales that ship with the portal. A new edition of a scale is a new file and a new migration like this."""

from typing import Any

from django.db import migrations

from fidelity.scales import document, shipped


def load_shipped(apps: Any, editor: Any) -> None:
    versions = apps.get_model("fidelity", "ScaleVersion")
    for scale in shipped():
        versions.objects.get_or_create(
            state=None,
            key=scale.key,
            sha256=scale.content_hash,
            defaults={
                "name": scale.name,
                "effective_from": scale.effective_from,
                "data": dict(document(scale.key)),
            },
        )


class Migration(migrations.Migration):
    dependencies = [("fidelity", "0001_initial")]
    operations = [migrations.RunPython(load_shipped, migrations.RunPython.noop)]

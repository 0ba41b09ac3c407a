"""For migrations: what ships with the portal comes into the database."""

from typing import Any

from fidelity.scales import document, shipped


def load_shipped(apps: Any, editor: Any) -> None:
    """Adds the editions that are not there yet; those that are stay as they are."""
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

"""Production's shape: settings that are whole or say what is missing, an image and services that fit together."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import check_jsonschema
import jsonschema
import pytest
import yaml

from ips_portal.bootstrap.places import ROOT

PRODUCTION = {
    "SECRET_KEY": "9f!Kq" * 14,
    "BASE_URL": "https://ips.example.gov",
    "TRUSTED_PROXIES": "172.30.77.1",
    "DATABASE_URL": "postgres://ips_app:word@postgres/ips",
    "REDIS_URL": "redis://redis:6379/0",
    "EMAIL_URL": "smtp+tls://portal:word@mail.example.gov:587",
    "DEFAULT_FROM_EMAIL": "IPS portal <ips@example.gov>",
}


def managed(*words: str, without: str = "", **changed: str) -> "subprocess.CompletedProcess[str]":
    env = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **PRODUCTION, **changed}
    env.pop(without, None)
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)


def checked(**changed: str) -> "subprocess.CompletedProcess[str]":
    return managed("check", "--deploy", "--fail-level", "WARNING", **changed)


def test_production_variables_pass_djangos_check() -> None:
    done = checked()
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"BASE_URL": "http://ips.example.gov"}, "security.W008"),
        ({"SECRET_KEY": "short"}, "security.W009"),
        ({"DEBUG": "true"}, "security.W018"),
        ({"TRUSTED_PROXIES": ""}, "ips_portal.W002"),
        ({"EMAIL_URL": "smtp://localhost:25"}, "ips_portal.W003"),
    ],
)
def test_the_check_is_red_where_production_is_not_whole(changed: dict[str, str], says: str) -> None:
    done = checked(**changed)
    assert done.returncode != 0
    assert says in done.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "BASE_URL", "DATABASE_URL", "REDIS_URL"])
def test_a_missing_variable_is_named_with_what_to_do(name: str) -> None:
    done = managed("check", without=name)
    assert done.returncode != 0
    assert f"{name} is not set. Give" in done.stderr


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"TRUSTED_PROXIES": "the proxy"}, "TRUSTED_PROXIES: 'the proxy' does not appear to be"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT is json"),
        ({"EMAIL_URL": "mail.example.gov"}, "EMAIL_URL cannot be read"),
    ],
)
def test_a_wrong_variable_ends_the_start_with_what_to_do(changed: dict[str, str], says: str) -> None:
    done = managed("check", **changed)
    assert done.returncode != 0
    assert says in done.stderr


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return content


def schema() -> Any:
    folder = Path(check_jsonschema.__file__).parent / "builtin_schemas" / "vendor"
    return json.loads((folder / "compose-spec.json").read_text())


def test_the_compose_file_is_one(compose: dict[str, Any]) -> None:
    jsonschema.validate(compose, schema())


def test_the_schema_sees_a_planted_mistake(compose: dict[str, Any]) -> None:
    spoiled = {**compose, "services": {**compose["services"], "web": {"restrat": "always"}}}
    with pytest.raises(jsonschema.ValidationError, match="restrat"):
        jsonschema.validate(spoiled, schema())


def test_the_services_are_those_of_production(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert {"postgres", "redis", "migrate", "web", "worker", "beat"} <= services.keys()
    assert services["postgres"]["image"] == "postgres:18"
    assert {"--appendonly", "noeviction"} <= set(services["redis"]["command"])
    assert services["migrate"]["restart"] == "no"
    for name in ("postgres", "redis", "worker", "beat"):
        assert services[name]["healthcheck"]["test"], name
    for name in ("web", "worker", "beat"):
        assert services[name]["restart"] == "unless-stopped"
        assert services[name]["read_only"]


def test_only_the_one_shots_know_the_owner(compose: dict[str, Any]) -> None:
    """Web, worker and beat cannot leave row-level security behind, whatever happens in them."""
    for name in ("web", "worker", "beat"):
        known = json.dumps(compose["services"][name]["environment"])
        assert "ips_app" in known
        assert not re.search("OWNER|BACKUP|POSTGRES_PASSWORD", known)


def test_every_variable_of_the_compose_file_is_explained() -> None:
    page = (ROOT / "docs" / "operate.md").read_text()
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    read = set(
        re.findall(r"""env(?:\.\w+)?\(\s*"(\w+)\"""", (ROOT / "ips_portal" / "settings.py").read_text())
    )
    assert len(asked) >= 12
    assert {name for name in asked | read if f"`{name}`" not in page} == set()


def test_the_image_runs_as_nobody_in_particular() -> None:
    last = (ROOT / "Dockerfile").read_text().rpartition("\nFROM ")[2]
    assert re.search(r"^USER 10001$", last, re.MULTILINE)
    assert "HEALTHCHECK" in last
    assert "SECRET" not in last

"""Files in a bucket are the same files: private, named by what they hold, checked when they are taken.

The server is moto's, which speaks S3 over HTTP like any other; it checks no signatures.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ips_portal.bootstrap.places import ROOT
from ips_portal.embedded.children import Child, wait_until
from ips_portal.reports import storage
from ips_portal.reports.bucket import PrivateBucket
from tests.portal import free_port

PAPER = b"%PDF-1.7 in a bucket"
NAME = f"1/{storage.digest(PAPER)[:2]}/{storage.digest(PAPER)}"


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", str(port)]
    home = tmp_path_factory.mktemp("bucket")
    server = Child("bucket", command, log=home / "log", env=os.environ, folder=home)
    server.start()
    wait_until(lambda: b"Running on" in (home / "log").read_bytes(), server, "The bucket's server")
    yield f"http://127.0.0.1:{port}"
    server.stop()


def options(endpoint: str) -> dict[str, str]:
    return {
        "bucket_name": "papers",
        "endpoint_url": endpoint,
        "region_name": "us-east-1",
        "access_key": "who",
        "secret_key": "canary-secret",
    }


@pytest.fixture
def bucket(endpoint: str, settings: Any) -> Iterator[Any]:
    """The portal's default storage, in a bucket."""
    given = options(endpoint)
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "ips_portal.reports.bucket.PrivateBucket", "OPTIONS": given},
    }
    made = PrivateBucket(**given).bucket
    made.create()
    yield made
    made.objects.all().delete()
    made.delete()


def test_a_file_is_kept_once_and_fetched_whole(bucket: Any) -> None:
    storage.keep(NAME, PAPER)
    storage.keep(NAME, PAPER)
    assert storage.is_kept(NAME)
    assert storage.fetch(NAME) == PAPER
    assert [stored.key for stored in bucket.objects.all()] == [NAME]


def test_nobody_else_may_read_it(bucket: Any) -> None:
    storage.keep(NAME, PAPER)
    grants = bucket.Object(NAME).Acl().grants
    assert not [grant for grant in grants if "AllUsers" in grant["Grantee"].get("URI", "")]


def test_a_file_that_is_gone_is_no_file_and_a_changed_one_is_found(bucket: Any) -> None:
    assert storage.fetch(NAME) is None
    assert not storage.is_kept(NAME)
    bucket.put_object(Key=NAME, Body=b"changed by somebody")
    fetched = storage.fetch(NAME)
    assert fetched is not None
    assert storage.digest(fetched) != NAME[-64:], "which `reports.actions.take` refuses"
    storage.keep(NAME, PAPER)
    assert storage.fetch(NAME) == PAPER, "another length is never taken for the same file"


def test_a_bucket_that_is_away_is_trouble_of_the_storage(bucket: Any, settings: Any) -> None:
    away = {**options("http://127.0.0.1:1"), "bucket_name": "papers"}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "ips_portal.reports.bucket.PrivateBucket", "OPTIONS": away},
    }
    with pytest.raises(storage.StorageTrouble, match="could not write to its file storage"):
        storage.keep(NAME, PAPER)
    assert storage.fetch(NAME) is None
    assert not storage.is_kept(NAME)


def test_a_bucket_that_refuses_is_trouble_of_the_storage(
    bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied"}}, "PutObject")

    monkeypatch.setattr("storages.backends.s3.S3Storage._save", refuse)
    with pytest.raises(storage.StorageTrouble):
        storage.keep(NAME, PAPER)


def test_the_settings_name_the_bucket_and_backups_find_its_files(
    bucket: Any, endpoint: str, tmp_path: Path
) -> None:
    """In a process of its own, by environment variables alone."""
    code = f"""
from ips_portal.reports import storage
from ips_portal.safekeeping import storing
from pathlib import Path
storage.keep({NAME!r}, {PAPER!r})
names = list(storing.stored())
print(names, storing.copy_out(names, Path({str(tmp_path)!r})))
"""
    env = {
        **os.environ,
        "S3_BUCKET": "papers",
        "S3_ENDPOINT_URL": endpoint,
        "S3_REGION": "us-east-1",
        "S3_ACCESS_KEY_ID": "who",
        "S3_SECRET_ACCESS_KEY": "canary-secret",
    }
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.stdout.strip() == f"['{NAME}'] []", done.stderr
    assert (tmp_path / NAME).read_bytes() == PAPER
    assert "canary-secret" not in done.stdout + done.stderr

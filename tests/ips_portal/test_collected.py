"""What production serves under hashed names."""

import re
import shutil
from pathlib import Path

from django.core.files.storage import FileSystemStorage

from ips_portal.bootstrap.places import ROOT
from ips_portal.collected import CollectedFiles


def test_modules_import_each_other_under_their_hashed_names(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "static" / "site" / "js", tmp_path / "js")
    plain = FileSystemStorage(location=tmp_path)
    names = [path.relative_to(tmp_path).as_posix() for path in (tmp_path / "js").rglob("*.js")]
    storage = CollectedFiles(location=tmp_path, base_url="/static/")

    done = storage.post_process({name: (plain, name) for name in names})
    made = {name: hashed for name, hashed, _ in done if hashed.endswith(".js")}

    text = (tmp_path / made["js/rating.js"]).read_text()
    imported = re.findall(r"""["'](\./rating/[^"']+)["']""", text)
    assert len(imported) >= 7
    assert all(re.search(r"\.[0-9a-f]{12}\.js$", each) for each in imported)
    assert all((tmp_path / "js" / each).is_file() for each in imported)

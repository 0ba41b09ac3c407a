"""The build of style sheet, fonts and icons, run for real (once; later runs find it current)."""

import re
import shutil
import sys
import time
from pathlib import Path

import pytest

from ips_portal import assets
from ips_portal.apps import assets_are_built

TEMPLATES = assets.ROOT / "templates"
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if not re.search(r"pdf|email|paper", str(path)))


@pytest.fixture(scope="module", autouse=True)
def built() -> Path:
    assets.build(lambda line: None)
    return assets.BUILD


def silent(line: str) -> None:
    """Takes the progress of a build that nobody watches."""


def luminance(color: str) -> float:
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.1, relative luminance and contrast ratio."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture
def tokens() -> dict[str, str]:
    text = (assets.STATIC / "site" / "css" / "tokens.css").read_text()
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", text))


def test_a_second_build_returns_at_once_and_changes_nothing(built: Path) -> None:
    before = (built / "uswds.css").stat().st_mtime_ns
    started = time.monotonic()
    assert assets.build(silent) is False
    assert time.monotonic() - started < 1
    assert (built / "uswds.css").stat().st_mtime_ns == before


def test_every_file_the_style_sheet_names_is_there_and_no_other_face_or_picture(built: Path) -> None:
    css = (built / "uswds.css").read_text()
    named = set(re.findall(r"""url\(["']?([^"')]+)["']?\)""", css))
    there = {str(path.relative_to(built)) for path in built.rglob("*.*") if path.parent != built}
    paper = {f"fonts/public-sans/PublicSans-{face}.ttf" for face in assets.PAPER_FACES}
    assert there == named | paper
    assert len(css) < 200_000, "utilities crept in: they are more than half of the full sheet"


def test_no_source_map_is_promised(built: Path) -> None:
    for name in ("uswds.css", "uswds.min.js"):
        assert "sourceMappingURL" not in (built / name).read_text()


def test_every_icon_a_template_names_is_in_the_sprite(built: Path) -> None:
    sprite = set(re.findall(r'<symbol id="(\w+)"', (built / "icons.svg").read_text()))
    named = {name for page in PAGES for name in re.findall(r'icon="(\w+)"', page.read_text())}
    assert named, "the templates name icons"
    assert named <= sprite


def test_the_lock_file_names_no_host_and_pins_every_package_by_digest() -> None:
    text = (assets.STATIC / "package-lock.json").read_text()
    assert "http" not in re.sub(r'"(url|funding)": "[^"]+"', "", text)
    assert text.count('"integrity"') >= text.count('"version"')


def test_a_changed_lock_file_makes_the_build_stale(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    copy = tmp_path / "static"
    shutil.copytree(assets.STATIC, copy, ignore=shutil.ignore_patterns("node_modules", ".build-*"))
    monkeypatch.setattr(assets, "STATIC", copy)
    monkeypatch.setattr(assets, "BUILD", copy / "build")
    assert assets.is_current()
    (copy / "package-lock.json").write_text("{}")
    assert not assets.is_current()


def test_the_system_check_is_silent_when_built_and_otherwise_says_how(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert assets_are_built() == []
    monkeypatch.setattr(assets, "BUILD", tmp_path)
    (warning,) = assets_are_built()
    assert "not built" in warning.msg
    assert "manage.py assets" in str(warning.hint)


def test_a_machine_without_node_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(assets, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(assets.BuildError, match=r"Node was not found.*uv sync"):
        assets.find_node()


def test_a_failing_package_manager_is_quoted() -> None:
    failing = [sys.executable, "-c", "import sys; sys.exit('no such host')"]
    with pytest.raises(
        assets.BuildError, match=r"(?s)npm could not fetch USWDS.*registry reachable.*no such host"
    ):
        assets._run(failing, "npm could not fetch USWDS")


def test_a_folder_that_cannot_be_written_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".local").write_text("a file where the folder should be")
    monkeypatch.setattr(assets, "ROOT", tmp_path)
    with pytest.raises(assets.BuildError, match=r"cannot be written.*writable"):
        assets.build(silent, force=True)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TEMPLATES)))
def test_no_page_needs_inline_style_or_script(page: Path) -> None:
    text = re.sub(r"(?s){#.*?#}|{% comment %}.*?{% endcomment %}", "", page.read_text())
    assert not re.search(r'\sstyle="|<style|\son[a-z]+="|hx-on|javascript:', text)
    for script in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in script or 'type="application/json"' in script
    assert not re.search(r"\s(?<!data-)hx-\w+=", text), "write data-hx-..., which validates"


@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        ("ink", "paper", 7), ("ink-muted", "paper", 4.5), ("ink-muted", "paper-soft", 4.5), ("action", "paper", 4.5),
        ("action", "paper-soft", 4.5), ("action", "action-soft", 4.5), ("error", "paper", 4.5),
        ("error", "act-ground", 4.5),
        ("brand-ink", "brand", 4.5), ("brand-accent", "paper", 3), ("edge", "paper", 3), ("focus", "paper", 3),
        ("ok-ink", "ok-ground", 4.5), ("ok-edge", "paper", 3), ("watch-ink", "watch-ground", 4.5),
        ("watch-edge", "paper", 3), ("act-ink", "act-ground", 4.5), ("act-edge", "paper", 3),
        ("info-ink", "info-ground", 4.5), ("info-edge", "paper", 3),
        *((f"score-{rating}-ink", f"score-{rating}", 4.5) for rating in range(1, 6)),
    ],
)  # fmt: skip
def test_colors_can_be_told_apart(tokens: dict[str, str], ink: str, ground: str, least: float) -> None:
    assert contrast(tokens[ink], tokens[ground]) >= least


def test_no_score_is_pink_or_red(tokens: dict[str, str]) -> None:
    for rating in range(1, 6):
        red, green, blue = (int(tokens[f"score-{rating}"][place : place + 2], 16) for place in (1, 3, 5))
        assert not (red > green + 20 and red > blue + 20)

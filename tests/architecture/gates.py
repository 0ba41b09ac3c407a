"""Gates that read the source: what may not be written anywhere, or only in named places with a reason.

Each function takes one file (path below the root, text) and returns what is wrong in words, so that a planted file
can be given to it as well.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("ips_portal", "agencies", "fidelity", "outcomes", "funding")
LONGEST = 400

# Rooms that write rows: deeds of people, what a machine finished making, delivery of mail, seeds, migrations.
WRITERS = re.compile(
    r"/actions/|/actions\.py$|/publishing\.py$|^ips_portal/reports/making\.py$|^ips_portal/notices/delivery\.py$"
    r"|^ips_portal/practice/|/migrations/"
)
# Single functions elsewhere that write, and why.
MAY_WRITE = {
    (
        "agencies/models/people.py",
        "create_user",
    ): "the manager's one way to make a person, as Django asks for it",
}
WRITES = {"create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete", "save"}
# What `save` and `update` are called on without being rows.
NOT_ROWS = {
    ("ips_portal/bootstrap/environment.py", "variables"): "the environment of a child process",
    ("ips_portal/celery.py", "app.conf"): "settings of Celery",
    ("ips_portal/management/commands/seed.py", "accounts"): "a file with the sign-ins of the practice states",
    ("ips_portal/pdf/__init__.py", "document"): "a PDF in memory",
    ("fidelity/word.py", "body"): "a Word document in memory",
    ("agencies/logos.py", "drawn"): "a picture in memory",
    ("agencies/logos.py", "default_storage"): "a file",
    ("ips_portal/reports/storage.py", "default_storage"): "a file",
}
# Statements put together from constants of the same module, never from what somebody typed.
MAY_COMPOSE = {
    ("agencies/tenancy.py", "_tell"): "one placeholder for each setting",
    ("agencies/tenancy.py", "actors_of"): "the list of columns is a constant",
    (
        "agencies/enclosure.py",
        "database_forwards",
    ): "a migration: names of tables, of the app role, of policies",
    ("agencies/enclosure.py", "database_backwards"): "a migration: names of tables",
}
# Where "today" belongs to nobody's zone, and why.
MAY_BE_NAIVE = {
    ("ips_portal/management/commands/seed.py", "handle"): "the default day of a command",
    ("ips_portal/practice/check.py", "schedules"): "a client outside the portal, which knows no state's zone",
    ("ips_portal/practice/check.py", "plans"): "a client outside the portal, which knows no state's zone",
}
# Imports inside a function, and why.
MAY_IMPORT_LATE: dict[tuple[str, str], str] = {}


def sources() -> Iterator[tuple[str, str]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def shown_files() -> Iterator[tuple[str, str]]:
    for folder, pattern in (("templates", "*.*"), ("static/site", "*.*")):
        for path in sorted((ROOT / folder).rglob(pattern)):
            if path.suffix in (".html", ".txt", ".css", ".js"):
                yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def functions(tree: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Every node with the name of the function around it."""

    def inside(node: ast.AST, name: str) -> Iterator[tuple[str, ast.AST]]:
        for child in ast.iter_child_nodes(node):
            yield name, child
            own = child.name if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else name
            yield from inside(child, own)

    yield from inside(tree, "")


def calls(text: str) -> Iterator[tuple[str, ast.Call, str]]:
    """(function around it, the call, the name called)."""
    for name, node in functions(ast.parse(text)):
        if isinstance(node, ast.Call):
            called = node.func
            yield name, node, called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def receiver(call: ast.Call) -> str:
    return ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else ""


def writes_outside_actions(path: str, text: str) -> list[str]:
    if WRITERS.search(path):
        return []
    found = []
    for name, call, called in calls(text):
        on = receiver(call)
        if not on or (path, on) in NOT_ROWS or (path, name) in MAY_WRITE:
            continue
        row_update = (
            called == "update" and not call.args and bool(call.keywords)
        )  # a queryset takes keywords only
        if called in WRITES or row_update:
            found.append(f"{path}:{call.lineno}: {on}.{called}(...) writes; only an action may")
        if (
            called == "execute"
            and call.args
            and re.search(r"\b(INSERT INTO|UPDATE \w+ SET|DELETE FROM|TRUNCATE)\b", ast.unparse(call.args[0]))
        ):
            found.append(f"{path}:{call.lineno}: a statement that writes; only an action may")
    return found


def whole(call: ast.Call) -> bool:
    """One text, a name for one, or psycopg's own composition, which quotes every part."""
    text = call.args[0] if call.args else None
    quoted = ast.unparse(text).startswith("sql.SQL(") if text else False
    quoted = quoted and not any(isinstance(part, ast.JoinedStr) for part in ast.walk(call))
    return text is None or quoted or isinstance(text, ast.Constant | ast.Name | ast.Attribute)


def composed_sql(path: str, text: str) -> list[str]:
    found = []
    for name, call, called in calls(text):
        where = f"{path}:{call.lineno}"
        if called in ("raw", "extra", "RawSQL") and (receiver(call) or called == "RawSQL"):
            if called == "raw" and "objects" not in receiver(call):
                continue
            found.append(f"{where}: {called}() hands SQL past the ORM")
        if called in ("execute", "executemany") and (path, name) not in MAY_COMPOSE and not whole(call):
            found.append(f"{where}: SQL put together from parts")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg is None and re.search(r"request\.(GET|POST)", ast.unparse(keyword.value)):
                    found.append(f"{path}:{node.lineno}: keys typed by somebody become arguments")
    return found


def session_wide_context(path: str, text: str) -> list[str]:
    """A context must end with its transaction: a connection is used by the next person (trust reference 1.4)."""
    wide = re.compile(r"set_config\([^)]*,\s*false\s*\)|\bSET\s+(?:SESSION\s+)?app\.", re.IGNORECASE)
    return [
        f"{path}:{number}: context for the whole session"
        for number, line in enumerate(text.splitlines(), 1)
        if wide.search(line)
    ]


def unescaped(path: str, text: str) -> list[str]:
    if path.endswith(".py"):
        names = r"\bmark_safe\b|\bSafeString\b|\bhtml_safe\b|autoescape\s*=\s*False"
    else:
        names = r"\|\s*safe(?:seq)?\b|\.innerHTML\s*=|\.outerHTML\s*=|insertAdjacentHTML|\beval\("
        if not re.fullmatch(r"templates/(?:\w+/)?email/[\w-]+\.txt", path):  # plain text knows no markup
            names += r"|autoescape\s+off"
    return [
        f"{path}:{number}: text that is not escaped: {line.strip()[:80]}"
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(names, line)
    ]


def naive_times(path: str, text: str) -> list[str]:
    """`today` and `now` are those of the state (State.today, State.now) or of UTC."""
    found = []
    for name, call, called in calls(text):
        if (path, name) in MAY_BE_NAIVE:
            continue
        of = receiver(call).split(".")[-1]
        given = len(call.args) + len(call.keywords)
        zoned = any(word.arg in ("tz", "tzinfo") for word in call.keywords)
        if (
            (called == "today" and of in ("date", "datetime"))
            or called in ("utcnow", "utcfromtimestamp")
            or (called == "now" and of == "datetime" and not given)
            or (called == "fromtimestamp" and of == "datetime" and given < 2)
            or (called == "datetime" and of in ("", "datetime") and given and given < 8 and not zoned)
        ):
            found.append(f"{path}:{call.lineno}: {ast.unparse(call.func)}() knows no time zone")
    return found


def all_fields(path: str, text: str) -> list[str]:
    """Forms and serializers list their fields."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef) and node.name == "Meta":
            for line in node.body:
                names = [ast.unparse(target) for target in getattr(line, "targets", [])]
                value = ast.unparse(line.value) if isinstance(line, ast.Assign) else ""
                if names == ["exclude"] or (names == ["fields"] and "__all__" in value):
                    found.append(f"{path}:{line.lineno}: name the fields one by one")
    return found


def long_tasks(path: str, text: str) -> list[str]:
    """A task is one line: the work lives where a test reaches it without a queue."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and any(
            "task" in ast.unparse(each) for each in node.decorator_list
        ):
            body = [
                line for line in node.body if not isinstance(line, ast.Expr | ast.Pass) or not _is_text(line)
            ]
            if len(body) != 1 or isinstance(body[0], ast.If | ast.For | ast.With | ast.Try | ast.While):
                found.append(f"{path}:{node.lineno}: the task {node.name} does more than one call")
    return found


def _is_text(line: ast.stmt) -> bool:
    return isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)


def late_imports(path: str, text: str) -> list[str]:
    return [
        f"{path}:{node.lineno}: an import inside {name}"
        for name, node in functions(ast.parse(text))
        if name and isinstance(node, ast.Import | ast.ImportFrom) and (path, name) not in MAY_IMPORT_LATE
    ]


def too_long(path: str, text: str) -> list[str]:
    lines = len(text.splitlines())
    return [f"{path}: {lines} lines; split it by subject below {LONGEST}"] if lines > LONGEST else []


PYTHON_GATES = (
    writes_outside_actions,
    composed_sql,
    session_wide_context,
    unescaped,
    naive_times,
    all_fields,
    long_tasks,
    late_imports,
    too_long,
)
SHOWN_GATES = (unescaped, too_long)

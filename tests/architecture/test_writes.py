"""What the source may not say: writes outside actions, SQL from parts, text past the escaping, naive times."""

from collections.abc import Callable

import pytest

from tests.architecture import gates

Gate = Callable[[str, str], list[str]]


@pytest.mark.parametrize("gate", gates.PYTHON_GATES)
def test_no_module_breaks_a_gate(gate: Gate) -> None:
    assert [fault for path, text in gates.sources() for fault in gate(path, text)] == []


@pytest.mark.parametrize("gate", gates.SHOWN_GATES)
def test_no_template_script_or_style_breaks_a_gate(gate: Gate) -> None:
    assert [fault for path, text in gates.shown_files() for fault in gate(path, text)] == []


def test_no_test_is_longer_than_a_file_may_be() -> None:
    files = [(path.relative_to(gates.ROOT).as_posix(), path) for path in (gates.ROOT / "tests").rglob("*.py")]
    assert [
        fault for name, path in files for fault in gates.too_long(name, path.read_text(encoding="utf-8"))
    ] == []


def test_every_named_exception_is_still_needed() -> None:
    present = {(path, name) for path, text in gates.sources() for name, _, _ in gates.calls(text)}
    called_on = {
        (path, gates.receiver(call)) for path, text in gates.sources() for _, call, _ in gates.calls(text)
    }
    for listed in (gates.MAY_WRITE, gates.MAY_COMPOSE, gates.MAY_BE_NAIVE, gates.MAY_IMPORT_LATE):
        assert set(listed) <= present
    assert set(gates.NOT_ROWS) <= called_on

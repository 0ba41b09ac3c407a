"""Programs that ask the API, for tests."""

import json
from typing import Any

from tests.cast import StateCast


def send(cast: StateCast, persona: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    """The status, and what the answer holds."""
    browser = cast.seen_by(persona)
    text = body if isinstance(body, str) else json.dumps(body or {})
    answer = browser.generic(method, f"/api/v1/meridian/{path}", text, content_type="application/json")
    return answer.status_code, answer.json()

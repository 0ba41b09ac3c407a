"""A sentence that somebody writes for others to read."""

from agencies.refusals import Unacceptable
from ips_portal.client_details import client_details


def check_sentence(text: str, *, most: int, advice: str) -> None:
    """It says something, in at most so many characters, and nothing that looks like a client's details.

    `advice` is what to write instead of these. Raises Unacceptable.
    """
    if not text.strip():
        raise Unacceptable("Write a sentence.", field="text")
    if len(text) > most:
        raise Unacceptable(f"Shorten it to {most:,} characters.", field="text")
    if found := client_details(text):
        raise Unacceptable(f"This may hold {' and '.join(found)}. {advice}; nothing was saved.", field="text")

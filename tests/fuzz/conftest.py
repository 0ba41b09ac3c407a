"""The world of the gates, for a program that asks whatever the schema allows and whatever it does not."""

from tests.architecture.conftest import visits

__all__ = ["visits"]

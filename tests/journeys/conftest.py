"""Journeys go through the same browser as the page tests, under the same rules."""

from tests.browser.conftest import browser_type_launch_args, page, pytest_collection_modifyitems

__all__ = ["browser_type_launch_args", "page", "pytest_collection_modifyitems"]

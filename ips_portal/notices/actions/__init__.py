"""What the portal does with notices: tell them, collect what can wait, keep what a person chose."""

from ips_portal.notices.actions.telling import Address, tell

__all__ = ["Address", "tell"]

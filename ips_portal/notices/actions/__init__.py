"""What the portal does with notices: tell them, remind of dates, collect what can wait, keep what a person chose."""

from ips_portal.notices.actions.telling import Address, remind, tell

__all__ = ["Address", "remind", "tell"]

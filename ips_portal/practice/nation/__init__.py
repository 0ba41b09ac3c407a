"""A whole nation of practice states, to see how the portal fares when it is full."""

from ips_portal.practice.nation.planting import NotPlanted, Planted, plant

__all__ = ["NotPlanted", "Planted", "plant"]

"""Quarterly outcomes as JSON: the same reports, figures, checks and decisions as on the pages."""

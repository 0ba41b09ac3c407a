"""Who pays: the funding plan of a state, its gaps, and guidance on billing."""

"""Reviews from before the portal, one row each: what a row says, and whether it can stand beside the others. Pure."""

"""Which figures of a state may be shown to others, so that no hidden figure can be worked out. No database."""

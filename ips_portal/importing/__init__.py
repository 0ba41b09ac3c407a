"""A file of rows before it is known what they are for: its headings, its cells, and what to look at in them. Pure."""

"""A file of quarters -> rows of text, or the one thing that stands in the way. Read in a process of its own."""

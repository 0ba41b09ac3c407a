"""What every part of the API shares and nothing of the program: strict values, pages, refusals, the schema."""

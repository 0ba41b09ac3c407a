"""A file of quarters -> what each row would do, and what stands in its way. Reads no database and writes nothing."""

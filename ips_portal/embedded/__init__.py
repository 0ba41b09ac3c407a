"""PostgreSQL and Valkey as children of one supervisor, for the demo and the tests on a machine without servers."""

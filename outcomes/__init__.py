"""What happened: quarterly figures, their checks, benchmarks and comparisons. Nothing is built here yet."""

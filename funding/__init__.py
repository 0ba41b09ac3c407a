"""Who pays: payers, funding plans, milestones and billing guidance. Nothing is built here yet."""

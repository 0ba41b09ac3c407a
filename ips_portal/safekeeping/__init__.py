"""Back-ups, and the proof that they can be restored: rows, rules, files and history."""

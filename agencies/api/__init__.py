"""The doors of programs: who, where, and what was changed. The same gate, actions and words as the pages."""

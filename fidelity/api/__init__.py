"""The doors of programs to fidelity reviews. The same gate, actions and words as the pages."""

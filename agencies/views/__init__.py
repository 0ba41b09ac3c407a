"""The pages of this app. Each view checks shape, calls one action, answers."""

"""What people decide about states, organizations and people. Each action asks for permission itself."""

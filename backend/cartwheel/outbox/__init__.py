"""What the sandbox would have delivered."""

"""The shop's own tables, and counters that roll on with time."""

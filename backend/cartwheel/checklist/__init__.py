"""The first steps of a newcomer, ticked off by what really happened."""

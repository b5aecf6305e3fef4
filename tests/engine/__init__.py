"""The engine against its rules, on graphs drawn by hand and at random."""

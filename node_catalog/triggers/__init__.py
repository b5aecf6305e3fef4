"""What starts a workflow."""

"""Starting a workflow by hand on many records: chosen ones, or everything that matches."""

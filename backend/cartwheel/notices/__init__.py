"""Notices: a workspace's people hear by letter that something of theirs fails."""

"""Any web address that wants a key."""

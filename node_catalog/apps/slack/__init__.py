"""Messages to the shop's own team in Slack."""

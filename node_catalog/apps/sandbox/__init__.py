"""The sandbox: messages land in the outbox and nobody receives them."""

"""Where the world comes in: signatures, handshakes, reported events."""

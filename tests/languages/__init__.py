"""What the server says in other languages."""

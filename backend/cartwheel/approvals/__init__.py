"""What runs ask of people: approvals and tasks, the letters that ask, and what they decide."""

"""What an installation needs over the years: copies of it, and an end for what is old."""

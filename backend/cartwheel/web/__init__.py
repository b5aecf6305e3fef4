"""What every HTTP answer has in common: problem documents, body rules, headers, static files."""

"""Mail servers, spoken to by SMTP."""

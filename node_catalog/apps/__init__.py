"""The companies and protocols that steps and webhooks use."""

"""WooCommerce: its webhooks, and its REST API."""

"""The demo shop: believable orders, carts, payments, parcels and customers, until it is closed."""

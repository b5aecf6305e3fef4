"""The objects that every shop's orders and customers are turned into, and how to read them."""

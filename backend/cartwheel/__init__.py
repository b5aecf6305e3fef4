"""Cartwheel: draw, prove and run the workflows of an online shop."""

"""Lets only some go on."""

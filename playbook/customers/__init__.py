"""Customers: who they are, what they are worth, how they move, and who gets what."""

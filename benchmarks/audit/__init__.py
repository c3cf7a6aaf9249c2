"""Audits, simulated: whether their limits hold, and how wide they are."""

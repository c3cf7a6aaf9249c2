"""Packets: documents joined to one file, and how well they are found again in it."""

"""Accuracy from few examples, beside every other way, on the same splits."""

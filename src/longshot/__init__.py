"""Label a few. Sort the pile.

longshot classifies documents of any length from a handful of labelled ones, on an
ordinary computer, and shows which passage decided each label.
"""

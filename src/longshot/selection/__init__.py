"""What to label next: the documents of a pile whose label would help most.

:func:`longshot.selection.strategies.select` chooses, on vectors and probabilities.
"""

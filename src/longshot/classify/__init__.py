"""Deciding from few labels."""

from longshot.classify.estimator import LongshotClassifier

__all__ = ["LongshotClassifier"]

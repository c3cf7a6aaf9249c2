"""How the scores add up to a probability of each class."""

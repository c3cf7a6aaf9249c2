"""How fast documents become vectors, beside every other way."""

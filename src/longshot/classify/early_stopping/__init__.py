"""How far a document must be read for its label."""

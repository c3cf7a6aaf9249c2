"""How fast, and how well, a classifier learns once documents are read."""

"""How contextual each kind of embedding is."""

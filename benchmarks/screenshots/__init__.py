"""The pictures of the documentation, taken of the bundled example."""

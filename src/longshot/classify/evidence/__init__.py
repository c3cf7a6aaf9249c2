"""Which passages of a document spoke for a label."""

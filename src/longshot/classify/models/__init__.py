"""What was learned, and how it decides, each behind small protocols."""

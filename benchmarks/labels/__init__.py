"""What names, examples and marks are worth, and how many of them are needed."""

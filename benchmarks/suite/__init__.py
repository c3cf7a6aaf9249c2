"""Many data sets, many small tasks drawn from them, and what is learned of these."""

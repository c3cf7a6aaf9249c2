"""What is lost and gained where files become text."""

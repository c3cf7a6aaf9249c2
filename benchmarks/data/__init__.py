"""Where the texts that are measured on come from, and how they are drawn."""

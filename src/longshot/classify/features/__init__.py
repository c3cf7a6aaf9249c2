"""From text and vectors to arrays: what is known of each document."""

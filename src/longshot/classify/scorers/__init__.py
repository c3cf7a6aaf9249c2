"""Features to class scores: by examples, by names, by the pile's mixture."""

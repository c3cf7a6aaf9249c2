"""Labels as people give them: the support set, lists of labels, trees of labels."""

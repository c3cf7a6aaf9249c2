"""From a document to the vectors of its windows: jobs, their order, and the cache."""

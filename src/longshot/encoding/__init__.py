"""From a document to the vectors of its windows: jobs, their order, what is kept."""

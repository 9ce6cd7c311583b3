"""A question's way: read, recall, rank, decide, and the passage that is quoted."""

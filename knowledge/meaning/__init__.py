"""What a text means, as a vector: beside the words of a question, so that people's own words find it."""

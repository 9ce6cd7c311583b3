"""Who is told that something new is disclosed in a category: once, at most one message a day."""

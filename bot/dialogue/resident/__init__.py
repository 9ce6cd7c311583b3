"""What residents do: ask, file, follow what they filed; it reaches staff through the notifications alone."""

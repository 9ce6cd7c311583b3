"""The index file: built beside its place, checked, swapped in whole, read by many threads."""

"""Texts made comparable: documents cleaned, one spelling for both sides, the pieces they are cut into."""

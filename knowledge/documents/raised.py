"""Superscripts and subscripts as characters: 30 m² is not 30 m2, and 1.5×10⁴ not 1.5×104."""

from __future__ import annotations

_ABOVE = str.maketrans("0123456789+-\u2212=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_BELOW = str.maketrans("0123456789+-\u2212=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_DIGITS = frozenset("0123456789")


def raised(text: str) -> str:
    """A superscript.  What has no raised character keeps its meaning with `^` if it holds a number."""
    above = text.translate(_ABOVE)
    if all(each != other or each.isspace() for each, other in zip(text, above, strict=True)):
        return above
    return f"^{text}" if _DIGITS & set(text) else text


def lowered(text: str) -> str:
    """A subscript: CO₂; PM2.5 stays, its full stop cannot be lowered and it means the same."""
    below = text.translate(_BELOW)
    return below if all(each != other for each, other in zip(text, below, strict=True)) else text

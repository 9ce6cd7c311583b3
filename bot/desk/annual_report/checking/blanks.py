"""Rows of plain text from which blank cells are gone: where the blanks were, if the sums prove it.  Pure.

    四、结转下年度继续办理  783 6 2 25 3 819        six figures for seven cells

Every place that the blanks may have had is tried.  A blank counts as what its row's 总计 leaves for it,
several as nothing, a blank 总计 as their sum.  Where the sums of the table allow one of the places alone, its
blank cells are told like any that was left empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise

from bot.desk.annual_report.checking.rows import Named, Place, Value
from bot.desk.annual_report.national_format import folded

Cell = tuple[str, str]  # row and column, by their codes or names


@dataclass(frozen=True)
class Sum:
    """Cells that together are as many as others: mostly one, its total, and its parts."""

    whole: tuple[Cell, ...]
    parts: tuple[Cell, ...]


@dataclass(frozen=True)
class Short:
    """A row with fewer figures than cells."""

    cells: tuple[Cell, ...]  # in the order of the table
    values: tuple[Value, ...]
    place: Place


Filled = dict[Cell, Value]


def settled(
    shorts: Sequence[Short], numbers: Mapping[Cell, Decimal], sums: Sequence[Sum]
) -> list[tuple[Short, Filled]]:
    """Each row whose figures have one place only, with them; a row that is settled helps the next."""
    known, waiting = dict(numbers), list(shorts)
    found: list[tuple[Short, Filled]] = []
    while True:
        for short in waiting:
            if (filled := _only_place(short, known, sums)) is not None:
                break
        else:
            return found
        found.append((short, filled))
        known |= _numbers(filled, sums)
        waiting.remove(short)


def _only_place(short: Short, known: Mapping[Cell, Decimal], sums: Sequence[Sum]) -> Filled | None:
    tried = [(filled, _right_sums(filled, known, sums)) for filled in _placements(short)]
    fits = [(filled, right) for filled, right in tried if right is not None]
    if len(fits) != 1:
        return None
    filled, right = fits[0]
    return filled if right or len(tried) > 1 else None


def _placements(short: Short) -> Iterator[Filled]:
    for taken in combinations(range(len(short.cells)), len(short.values)):
        filled = dict.fromkeys(short.cells, Value(""))
        filled.update((short.cells[at], value) for at, value in zip(taken, short.values, strict=True))
        yield filled


def _numbers(filled: Filled, sums: Sequence[Sum]) -> dict[Cell, Decimal]:
    """What each cell counts as; a word where a figure belongs counts as none."""
    numbers = {cell: value.number for cell, value in filled.items() if value.number is not None}
    blank = [cell for cell, value in filled.items() if not value.text]
    numbers.update(dict.fromkeys(blank, Decimal(0)))
    for each in sums:
        if len(each.whole) != 1 or not all(cell in numbers for cell in (*each.whole, *each.parts)):
            continue
        (total,), parts = each.whole, sum((numbers[cell] for cell in each.parts), Decimal(0))
        if total in blank:
            numbers[total] = parts
        elif len(blank) == 1 and blank[0] in each.parts:
            numbers[blank[0]] = numbers[total] - parts
    return numbers


def _right_sums(filled: Filled, known: Mapping[Cell, Decimal], sums: Sequence[Sum]) -> int | None:
    """How many sums are right with these figures, None when one is wrong or a figure were below zero."""
    own = _numbers(filled, sums)
    if min(own.values(), default=Decimal(0)) < 0:
        return None
    numbers, right = {**known, **own}, 0
    for each in sums:
        cells = (*each.whole, *each.parts)
        if not any(cell in filled for cell in cells) or not all(cell in numbers for cell in cells):
            continue
        if sum(numbers[cell] for cell in each.whole) != sum(numbers[cell] for cell in each.parts):
            return None
        right += 1
    return right


def with_unfilled(named: Sequence[Named], names: Sequence[str]) -> list[Named]:
    """A row without any figure runs into the name of the next one: taken apart again.

    `names` are those of the rows, folded.
    """
    apart: list[Named] = []
    for each in named:
        label = folded(each.label)
        spans = sorted((label.rfind(name), label.rfind(name) + len(name)) for name in names if name in label)
        ends = [end for _, end in spans]
        if len(ends) < 2 or ends[-1] != len(label) or _overlap(spans):
            apart.append(each)
            continue
        begins = [0, *ends]
        apart += [
            Named(label[begin:end], (), each.place) for begin, end in zip(begins, ends[:-1], strict=False)
        ]
        apart.append(Named(label[ends[-2] :], each.values, each.place))
    return apart


def _overlap(spans: Sequence[tuple[int, int]]) -> bool:
    return any(end > begin for (_, end), (begin, _) in pairwise(spans))

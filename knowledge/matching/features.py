"""All that a decision is made of, each with what it says.  Ranking, fitting, `--explain` and weights.yaml
agree.

Each is a share between 0 and 1 (or -1 and 1) of what was asked, so that the same weights serve thirty entries
and a million; closeness is stretched around what is usual (`closeness.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

EXPLAINED: Mapping[str, str] = {
    # of the entry
    "share": "share of the question's weight that the entry holds, as BM25 counts it",
    "bare_share": "the same without question phrases",
    "gap": "the heaviest run of what is asked that the entry does not hold",
    "words": "share of the content words asked that the entry holds, rare ones counting more",
    "partial": "how well what is asked fits in one place, letter by letter",
    "guide": "a guide entry, and the question says nothing of requests",
    "close_title": "how close its title, or a known way to ask for it, is in meaning",
    "close_document": "how close the title of its document is",
    "close_best": "how close the closest of its sentences is",
    "agency": "1 it is of the agency that was named, -1 of another",
    "year": "1 it is of the year that was named, -1 of another",
    "place": "1 the place that was named stands in its names or its document's, -1 it does not",
    "topic_names": "how much what is asked is a topic (topics.yaml) that its heading names",
    "fact": "a cell or a row of a table, or one sentence with an amount",
    "opening": "what stands before the first heading of a report",
    # of what would be quoted of it
    "topic_quote": "how much what is asked is a topic that the quotation speaks of",
    "gives": "share of the kinds asked (a number, a date, a telephone ...) that the quotation states",
    "sentence": "share of the question's weight that one sentence holds, with the names above it",
    "quote": "the same for the whole quotation, without question phrases",
    "close": "how close the quotation's closest sentence is in meaning",
    "lacks": "the amount, date, name … that was plainly asked is not in the quotation",
    "said": "share of the content words asked that the quotation holds with the names above it",
    "unsaid": "how rare the rarest word asked is that it does not hold",
    # only of what leads: what the confidence rests on beside these
    "rank_score": "the weighted sum of all above, which decides the order",
    "ahead": "its share of the odds among it and all other things: 1 nothing comes near, 0.5 a tie",
    "is_guide": "it is a guide entry",
}

RANK = (
    *("share", "bare_share", "gap", "words", "partial", "guide"),
    *("sentence", "quote", "lacks", "close_title", "close_document", "close_best", "close"),
    *("agency", "year", "place", "topic_names", "topic_quote", "gives", "fact", "opening", "said", "unsaid"),
)
CONFIDENCE = ("rank_score", "ahead")

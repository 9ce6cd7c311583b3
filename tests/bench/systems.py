"""What is compared: each builds itself from a file of lines and names the best entry for a question."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from operator import add
from pathlib import Path
from typing import Any, Protocol

from tests.bench.corpus import entries, read

LOOKED_AT = 30  # results asked for

Asked = tuple[int, float]  # number of the best entry (-1: none) and its score


class System(Protocol):
    """One system at one size.  `build` and `open` run in different processes."""

    def build(self, lines: Path, folder: Path) -> None: ...

    def open(self, lines: Path, folder: Path) -> Callable[[str], Asked]:
        """What a question is put to."""
        ...


def pieces(text: str) -> list[str]:
    """Bigrams of pure Chinese, the fast way: here the same as `knowledge.text.grams.bigrams`."""
    return list(map(add, text, text[1:]))


class Ours:
    """This project's recall by character bigrams."""

    def build(self, lines: Path, folder: Path) -> None:
        from knowledge.base import build_index

        build_index(entries(lines), (), folder / "knowledge.db")

    def open(self, lines: Path, folder: Path) -> Callable[[str], Asked]:
        from knowledge.index.index import Index
        from knowledge.text.grams import bigrams

        index = Index.open(folder / "knowledge.db")

        def ask(text: str) -> Asked:
            found = index.candidates(bigrams(text), (), LOOKED_AT)
            return (found[0].rowid, found[0].bigram_score) if found else (-1, 0.0)

        return ask


class OursWithSound(Ours):
    """The same, with the second field: what a question needs at most."""

    def open(self, lines: Path, folder: Path) -> Callable[[str], Asked]:
        from knowledge.index.index import Index
        from knowledge.text.grams import bigrams, syllable_bigrams, syllables

        index = Index.open(folder / "knowledge.db")

        def ask(text: str) -> Asked:
            found = index.candidates(bigrams(text), syllable_bigrams(syllables(text)), LOOKED_AT)
            return (found[0].rowid, found[0].bigram_score) if found else (-1, 0.0)

        return ask


class OursWhole(Ours):
    """The whole question, from its text to the decision."""

    def open(self, lines: Path, folder: Path) -> Callable[[str], Asked]:
        from knowledge.base import Base

        base = Base.open(folder / "knowledge.db")

        def ask(text: str) -> Asked:
            hits = getattr(base.ask(text), "hits", ())
            return (int(hits[0].entry.entry_id.removeprefix("bench:")), 0.0) if hits else (-1, 0.0)

        return ask


class Tantivy:
    """tantivy over the same bigrams, one segment where its merges allow."""

    def build(self, lines: Path, folder: Path) -> None:
        import tantivy

        writer = tantivy.Index(self._schema(), str(folder)).writer(2_000_000_000, 1)
        for number, (title, body) in enumerate(read(lines)):
            document = tantivy.Document()
            # The title twice: the weight that ours gives it.
            document.add_text("pieces", " ".join([*pieces(title), *pieces(title), *pieces(body)]))
            document.add_unsigned("number", number)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def _schema(self) -> Any:
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_text_field("pieces", tokenizer_name="whitespace", index_option="freq")
        builder.add_unsigned_field("number", stored=True, indexed=False)
        return builder.build()

    def open(self, lines: Path, folder: Path) -> Callable[[str], Asked]:
        import tantivy

        schema = self._schema()
        index = tantivy.Index(schema, str(folder))
        index.reload()
        searcher = index.searcher()

        def ask(text: str) -> Asked:
            terms = [
                (tantivy.Occur.Should, tantivy.Query.term_query(schema, "pieces", piece, "freq"))
                for piece in dict.fromkeys(pieces(text))
            ]
            hits = searcher.search(tantivy.Query.boolean_query(terms), LOOKED_AT, count=False).hits
            if not hits:
                return -1, 0.0
            return searcher.doc(hits[0][1]).to_dict()["number"][0], hits[0][0]

        return ask


class Bm25s:
    """bm25s over the same bigrams, with its numpy backend; everything in memory."""

    def build(self, lines: Path, folder: Path) -> None:
        import bm25s

        corpus = [pieces(title) * 2 + pieces(body) for title, body in read(lines)]
        retriever = bm25s.BM25(k1=1.2, b=0.7)
        retriever.index(corpus, show_progress=False)
        retriever.save(str(folder))

    def open(self, lines: Path, folder: Path) -> Callable[[str], Asked]:
        import bm25s

        retriever = bm25s.BM25.load(str(folder))

        def ask(text: str) -> Asked:
            found, scores = retriever.retrieve(
                [list(dict.fromkeys(pieces(text)))], k=LOOKED_AT, show_progress=False
            )
            return int(found[0][0]), float(scores[0][0])

        return ask


class Fts5:
    """SQLite's FTS5 over the same bigrams, contentless, all of them asked for, best by its own bm25."""

    def build(self, lines: Path, folder: Path) -> None:
        connection = sqlite3.connect(folder / "fts5.db")
        connection.executescript(
            "pragma journal_mode=off; pragma synchronous=off;"
            "create virtual table found using fts5 (pieces, content='', tokenize='unicode61')"
        )
        connection.executemany(
            "insert into found (rowid, pieces) values (?, ?)",
            (
                (number, " ".join([*pieces(title), *pieces(title), *pieces(body)]))
                for number, (title, body) in enumerate(read(lines))
            ),
        )
        connection.execute("insert into found (found) values ('optimize')")
        connection.commit()
        connection.close()

    def open(self, lines: Path, folder: Path) -> Callable[[str], Asked]:
        connection = sqlite3.connect(folder / "fts5.db")

        def ask(text: str) -> Asked:
            query = " OR ".join(f'"{piece}"' for piece in dict.fromkeys(pieces(text)))
            found = connection.execute(
                "select rowid, rank from found where found match ? order by rank limit ?", (query, LOOKED_AT)
            ).fetchall()
            return (found[0][0], -found[0][1]) if found else (-1, 0.0)

        return ask


class WRatio:
    """rapidfuzz's extractOne with its default scorer over the whole texts: what is often done."""

    def build(self, lines: Path, folder: Path) -> None:
        """Nothing to build."""

    def open(self, lines: Path, folder: Path) -> Callable[[str], Asked]:
        from rapidfuzz import fuzz, process

        texts = [title + body for title, body in read(lines)]

        def ask(text: str) -> Asked:
            found = process.extractOne(text, texts, scorer=fuzz.WRatio)
            return (found[2], found[1]) if found else (-1, 0.0)

        return ask


@dataclass(frozen=True)
class Contestant:
    """A system in the comparison: up to which size it is asked, and how many questions at most.

    The slow ones are spared.  `built_by` names the contestant whose files it uses, "" when it builds its own;
    `package` what must be installed.
    """

    system: Callable[[], System]
    largest: int = 1 << 40
    most_questions: int = 1 << 40
    built_by: str = ""
    package: str = ""

    @property
    def is_there(self) -> bool:
        """Whether it can be asked on this machine."""
        return not self.package or find_spec(self.package) is not None


SYSTEMS = {
    "ours": Contestant(Ours),
    "ours, with sound": Contestant(OursWithSound, built_by="ours"),
    "ours, whole question": Contestant(OursWhole, built_by="ours"),
    "tantivy": Contestant(Tantivy, package="tantivy"),
    "bm25s": Contestant(Bm25s, largest=200_000, package="bm25s"),
    "FTS5, all bigrams": Contestant(Fts5, largest=200_000, most_questions=60),
    "rapidfuzz WRatio": Contestant(WRatio, largest=2_000, most_questions=60),
}

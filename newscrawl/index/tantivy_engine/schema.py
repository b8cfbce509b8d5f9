"""The fields of an index, and how a document fills them."""

from __future__ import annotations

from itertools import chain, repeat
from pathlib import Path
from typing import Literal, get_args

import tantivy

from newscrawl.index.documents import UNDATED, WEIGHTS, Document
from newscrawl.index.plan import Column
from newscrawl.index.tantivy_engine.refusals import refused
from newscrawl.items import Words

SEQ_BITS = 36
"""Of a key that orders by day and sequence number; the day's eight digits are above them."""
LAST_SEQ = (1 << SEQ_BITS) - 1
_COLUMNS: tuple[Column, ...] = get_args(Column)
_BLANKS = "blanks"
LONGEST = 16_000
"""Characters of a word that are kept: Tantivy leaves out words of more than 65,530 bytes."""


def create(directory: Path) -> None:
    """Make an empty index in an empty directory. Raises OSError for what the system refuses."""
    with refused():
        tantivy.Index(_schema(), str(directory))


def opened(directory: Path) -> tantivy.Index:
    """The index in a directory. Raises ValueError and OSError for one that cannot be read."""
    with refused():
        index = tantivy.Index.open(str(directory))
        # Its own default is a thread that looks for commits: a reader is one state.
        index.config_reader("manual")
    blanks = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    index.register_tokenizer(_BLANKS, blanks.build())
    return index


def filled(document: Document) -> tantivy.Document:
    """What the index takes of a document."""
    made, day = tantivy.Document(), document.day
    for column, line in document.columns.items():
        made.add_text(column, _shortened(line))
    made.add_text("words", _weighted(document.words))
    made.add_text("paper", document.paper)
    for key in document.pages:
        made.add_text("page", key)
    if document.page:
        made.add_text("page_shown", document.page)
    if document.source:
        made.add_text("source_shown", document.source)
    if day != UNDATED:
        made.add_unsigned("day", day)
    made.add_unsigned("seq", document.seq)
    made.add_unsigned("newest", newest_key(day, document.seq))
    made.add_unsigned("oldest", oldest_key(day, document.seq))
    return made


def newest_key(day: int, seq: int) -> int:
    """Descending: the newer day first, then the order of arrival."""
    return day << SEQ_BITS | (LAST_SEQ - seq)


def oldest_key(day: int, seq: int) -> int:
    """Ascending: the older day first, then the order of arrival."""
    return day << SEQ_BITS | seq


def seq_of(key: int, order: Literal["newest", "oldest"] = "newest") -> int:
    """The sequence number in a key."""
    low = key & LAST_SEQ
    return LAST_SEQ - low if order == "newest" else low


def _shortened(line: str) -> str:
    if len(line) <= LONGEST:
        return line
    return " ".join(gram[:LONGEST] for gram in line.split(" "))


def _weighted(words: Words) -> str:
    """Every word as often as its places weigh, so that BM25 counts it so."""
    return " ".join(
        chain.from_iterable(repeat(getattr(words, field), WEIGHTS[field]) for field in WEIGHTS)
    )


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for column in _COLUMNS:
        builder.add_text_field(column, tokenizer_name=_BLANKS, index_option="position")
    builder.add_text_field("words", tokenizer_name=_BLANKS, index_option="freq")
    builder.add_text_field("page", tokenizer_name="raw", index_option="basic")
    for shown in ("paper", "page_shown", "source_shown"):
        builder.add_text_field(shown, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_unsigned_field("day", fast=True)
    builder.add_unsigned_field("seq", indexed=True, fast=True)
    builder.add_unsigned_field("newest", fast=True)
    builder.add_unsigned_field("oldest", fast=True)
    return builder.build()

"""Expressions as Tantivy's queries. They find exactly the same; none of them scores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

import tantivy
from tantivy import Occur, Query

from newscrawl.index.documents import UNDATED
from newscrawl.index.plan import (
    All,
    Days,
    Expression,
    Key,
    Listed,
    Run,
    Some,
    Without,
)
from newscrawl.index.tantivy_engine.schema import LAST_SEQ, oldest_key

MOST_GRAMS = 10_000
"""For one place of a phrase: Tantivy refuses more than 16,384 for all of them."""
MOST_TERMS = 1_000
"""Numbers that are looked for one by one; of 100 that takes a third of the time of a set."""
MOST_WAYS = 32
"""In which all of several expressions are looked for before some are looked for as unions."""


class Queries:
    """Makes the queries of an index as it is now."""

    def __init__(self, index: tantivy.Index) -> None:
        self._schema = index.schema
        self._searcher = index.searcher()

    def of(self, expression: Expression) -> Query:
        """What an expression finds."""
        match expression:
            case Run() | Some():
                return any_of(self._ways(expression))
            case Key(field, values):
                return any_of(self.having(field, value) for value in values)
            case Days(since, until):
                return self._days(since, until)
            case Listed(seqs):
                return self.numbered(seqs.tolist())
            case All(children):
                return self._all(children)
            case Without(child):
                return except_for(Query.all_query(), self.of(child))

    def having(self, field: str, term: str) -> Query:
        """Versions with a term in a field."""
        return Query.term_query(self._schema, field, term, "basic")

    def numbered(self, seqs: Iterable[int]) -> Query:
        """The versions with these sequence numbers."""
        every = list(seqs)
        if len(every) > MOST_TERMS:
            return Query.term_set_query(self._schema, "seq", every)
        return any_of(Query.term_query(self._schema, "seq", seq, "basic") for seq in every)

    def above(self, seq: int) -> Query:
        """Versions beyond a sequence number."""
        return self._between("seq", seq + 1, LAST_SEQ)

    def upto(self, seq: int) -> Query:
        """Versions up to a sequence number."""
        return self._between("seq", 0, seq)

    def rating(self, words: Iterable[str]) -> Query:
        """Versions with any of the words, scored by BM25."""
        return any_of(Query.term_query(self._schema, "words", word, "freq") for word in words)

    def _all(self, children: Iterable[Expression]) -> Query:
        """What may be found in several ways is looked for in each of them by itself.

        Of a union that others narrow Tantivy reads every document, and takes twenty times as
        long; of an intersection it reads what the rarest has.
        """
        flat = list(_flat(children))
        found = [self._ways(child) for child in flat if not isinstance(child, Without)]
        unwanted = [self.of(child.child) for child in flat if isinstance(child, Without)]
        together = any_of(
            Query.boolean_query([(Occur.Must, each) for each in way])
            for way in product(*_few(found or [[Query.all_query()]]))
        )
        return except_for(together, *unwanted)

    def _ways(self, expression: Expression) -> list[Query]:
        """Queries that together find what the expression does."""
        match expression:
            case Run(columns=columns):
                return [self._run(expression, column) for column in columns]
            case Some(children):
                return [way for child in children for way in self._ways(child)]
            case _:
                return [self.of(expression)]

    def _run(self, run: Run, column: str) -> Query:
        *before, last = run.grams
        if run.prefix:
            if not before:
                return Query.regex_query(self._schema, column, _beginning(last))
            patterns = self._patterns(column, last)
            return any_of(
                Query.regex_phrase_query(self._schema, column, [*before, each]) for each in patterns
            )
        if not before:
            return self.having(column, last)
        return Query.phrase_query(self._schema, column, list(run.grams))

    def _patterns(self, column: str, prefix: str) -> list[str]:
        """Patterns that together are every gram that begins so, none of them too many."""
        if (
            len(self._searcher.terms_with_prefix(column, prefix, limit=MOST_GRAMS + 1))
            <= MOST_GRAMS
        ):
            return [_beginning(prefix)]
        grams = (gram for gram, _count in self._searcher.terms_with_prefix(column, prefix))
        longer = sorted({gram[: len(prefix) + 1] for gram in grams} - {prefix})
        return [prefix, *(each for one in longer for each in self._patterns(column, one))]

    def _days(self, since: int, until: int) -> Query:
        first = oldest_key(max(since, UNDATED + 1), 0)
        return self._between("oldest", first, oldest_key(until, LAST_SEQ))

    def _between(self, field: str, least: int, most: int) -> Query:
        if least > most:
            return Query.empty_query()
        return Query.range_query(self._schema, field, tantivy.FieldType.Unsigned, least, most)


def _beginning(prefix: str) -> str:
    """Grams are letters and digits, or a gap: none of them means anything in a pattern."""
    return f"{prefix}.*"


def _flat(children: Iterable[Expression]) -> Iterator[Expression]:
    for child in children:
        if isinstance(child, All):
            yield from _flat(child.children)
        else:
            yield child


def _few(found: Iterable[list[Query]]) -> Iterator[list[Query]]:
    """The ways of all children, some of them as one, so that they go together in few."""
    together = 1
    for ways in sorted(found, key=len):
        together *= len(ways)
        yield ways if together <= MOST_WAYS else [any_of(ways)]


def any_of(queries: Iterable[Query]) -> Query:
    """What any of them finds."""
    every = list(queries)
    if len(every) == 1:
        return every[0]
    return Query.boolean_query([(Occur.Should, each) for each in every])


def except_for(query: Query, *unwanted: Query) -> Query:
    """What the first finds and no other does."""
    return Query.boolean_query([(Occur.Must, query), *((Occur.MustNot, each) for each in unwanted)])

"""Expressions as Tantivy's queries. They find exactly the same; none of them scores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from math import prod
from typing import TypeAlias

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

Clause: TypeAlias = tuple[Occur, Query]
MOST_WAYS = 27
"""In which several runs may stand in their columns before they are looked for as unions."""


class Queries:
    """Makes the queries of one schema."""

    def __init__(self, schema: tantivy.Schema) -> None:
        self._schema = schema

    def of(self, expression: Expression) -> Query:
        """What an expression finds."""
        match expression:
            case Run():
                return any_of(self._run(expression, column) for column in expression.columns)
            case Key(field, values):
                return any_of(self.having(field, value) for value in values)
            case Days(since, until):
                return self._days(since, until)
            case Listed(seqs):
                return self.numbered(seqs.tolist())
            case All(children):
                return self._all(children)
            case Some(children):
                return any_of(map(self.of, children))
            case Without(child):
                return except_for(Query.all_query(), self.of(child))

    def having(self, field: str, term: str) -> Query:
        """Versions with a term in a field."""
        return Query.term_query(self._schema, field, term, "basic")

    def numbered(self, seqs: Iterable[int]) -> Query:
        """The versions with these sequence numbers."""
        return Query.term_set_query(self._schema, "seq", list(seqs))

    def above(self, seq: int) -> Query:
        """Versions beyond a sequence number."""
        return self._between("seq", seq + 1, LAST_SEQ)

    def upto(self, seq: int) -> Query:
        """Versions up to a sequence number."""
        return self._between("seq", 0, seq)

    def rating(self, words: Iterable[str]) -> Query:
        """Versions with any of the words, scored by BM25."""
        return any_of(Query.term_query(self._schema, "words", word, "freq") for word in words)

    def _all(self, children: tuple[Expression, ...]) -> Query:
        """What is looked for in several columns is looked for in each by itself.

        Tantivy reads every document of a union that others narrow, and twenty times as long; of
        an intersection it reads what the rarest has.
        """
        every = list(_flat(children))
        spread = _spread(every)
        others = [self._clause(child) for child in every if child not in spread]
        if all(occur is Occur.MustNot for occur, _query in others) and not spread:
            others.append((Occur.Must, Query.all_query()))
        return any_of(
            Query.boolean_query(
                [(Occur.Must, self._run(*each)) for each in zip(spread, columns, strict=True)]
                + others
            )
            for columns in product(*(run.columns for run in spread))
        )

    def _clause(self, child: Expression) -> Clause:
        if isinstance(child, Without):
            return Occur.MustNot, self.of(child.child)
        return Occur.Must, self.of(child)

    def _run(self, run: Run, column: str) -> Query:
        """Grams are letters and digits, or a gap: none of them means anything in a pattern."""
        if run.prefix:
            patterns: list[str | tuple[int, str]] = [*run.grams[:-1], f"{run.grams[-1]}.*"]
            if len(run.grams) == 1:
                return Query.regex_query(self._schema, column, f"{run.grams[0]}.*")
            return Query.regex_phrase_query(self._schema, column, patterns)
        if len(run.grams) == 1:
            return self.having(column, run.grams[0])
        return Query.phrase_query(self._schema, column, list(run.grams))

    def _days(self, since: int, until: int) -> Query:
        first = oldest_key(max(since, UNDATED + 1), 0)
        return self._between("oldest", first, oldest_key(until, LAST_SEQ))

    def _between(self, field: str, least: int, most: int) -> Query:
        if least > most:
            return Query.empty_query()
        return Query.range_query(self._schema, field, tantivy.FieldType.Unsigned, least, most)


def _flat(children: Iterable[Expression]) -> Iterator[Expression]:
    for child in children:
        if isinstance(child, All):
            yield from _flat(child.children)
        else:
            yield child


def _spread(children: Iterable[Expression]) -> list[Run]:
    """The runs to be looked for column by column: long ones first, few enough together."""
    runs = sorted(
        (child for child in children if isinstance(child, Run)),
        key=lambda run: -len(run.grams),
    )
    spread: list[Run] = []
    for run in dict.fromkeys(runs):
        if prod(len(each.columns) for each in (*spread, run)) <= MOST_WAYS:
            spread.append(run)
    return spread


def any_of(queries: Iterable[Query]) -> Query:
    """What any of them finds."""
    every = list(queries)
    if len(every) == 1:
        return every[0]
    return Query.boolean_query([(Occur.Should, each) for each in every])


def except_for(query: Query, unwanted: Query) -> Query:
    """What the first finds and the second does not."""
    return Query.boolean_query([(Occur.Must, query), (Occur.MustNot, unwanted)])

"""An answer as programs read it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from textwrap import indent
from typing import Any

from newscrawl.catalogue.stories import Member
from newscrawl.index.answers import Answer, Offer
from newscrawl.index.engine import Facet
from newscrawl.index.rows import Row
from newscrawl.index.timeline import Timeline
from newscrawl.query.highlight import Passage
from newscrawl.results.headings import with_plain_headings

_INDENT = 2
_NO_ROWS = '"results": []'


def as_json(answer: Answer, rows: Iterable[Row]) -> Iterator[str]:
    """An answer as JSON, in pieces: a row is read when the one before it is written.

    Times are ISO 8601, UTC.
    """
    before, _, after = _json(_answer(answer)).partition(_NO_ROWS)
    yield before
    yield '"results": ['
    number = 0
    for number, row in enumerate(rows, 1):
        yield ",\n" if number > 1 else "\n"
        yield indent(_json(row_data(row)), " " * 2 * _INDENT)
    yield f"\n{' ' * _INDENT}]" if number else "]"
    yield f"{after}\n"


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=_INDENT)


def _answer(answer: Answer) -> dict[str, Any]:
    data: dict[str, Any] = {
        "query": answer.query,
        "total": answer.total,
        "total_exact": answer.counted,
        "stories": answer.stories,
        "more": answer.more,
        "next": str(answer.next) if answer.next else None,
        "mark": answer.mark,
        "took_ms": answer.took_ms,
        "results": [],
    }
    if answer.timeline is not None:
        dated = sum(count for _label, count in answer.timeline.buckets)
        undated = answer.total - dated if answer.counted else None
        # Articles whose day cannot be read; null where not all are counted.
        data["timeline"] = timeline_data(answer.timeline) | {"undated": undated}
    if answer.facets:
        data["facets"] = {
            facet: [_value(facet, value, count, answer) for value, count in counts]
            for facet, counts in answer.facets.items()
        }
    if not answer.total:
        data["did_you_mean"] = [_offer(offer) for offer in answer.suggestions]
        data["separated"] = _offer(answer.separated) if answer.separated else None
    return data


def row_data(row: Row) -> dict[str, Any]:
    """A hit with its passages and reprints."""
    hit = row.hit
    article = with_plain_headings(hit.version.article)
    return {
        "id": hit.version.article_id,
        "headline": article.headline,
        "kicker": article.kicker,
        "subhead": article.subhead,
        "paper": article.paper,
        "source": article.source,
        "edition": article.edition,
        "page": article.page,
        "url": article.url,
        "snapshot_time": article.snapshot_time,
        "score": hit.score,
        "snippet": " ".join(snippet.text for snippet in hit.snippets),
        "snippets": [_passage(snippet) for snippet in hit.snippets],
        "reprints": [_member(member) for member in row.reprints],
    }


def _passage(passage: Passage) -> dict[str, Any]:
    return {"text": passage.text, "spans": [list(span) for span in passage.spans]}


def _member(member: Member) -> dict[str, Any]:
    return {
        "id": member.article_id,
        "paper": member.paper,
        "edition": member.day,
        "page": member.page,
        "headline": member.headline,
        "first_seen": member.first_seen,
    }


def _value(facet: Facet, value: str, count: int, answer: Answer) -> dict[str, Any]:
    title = {"title": answer.titles.get(value, value)} if facet == "paper" else {}
    return {"value": value, **title, "count": count}


def timeline_data(timeline: Timeline) -> dict[str, Any]:
    """The unit, and the first day of every bucket with its count."""
    return {
        "unit": timeline.unit,
        "counts": [{"from": label, "count": count} for label, count in timeline.buckets],
    }


def _offer(offer: Offer) -> dict[str, Any]:
    return {"query": offer.query, "total": offer.total}

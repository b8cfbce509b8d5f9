"""The way from one page of an answer to the next, and what is said where it ends."""

from __future__ import annotations

import shlex

from newscrawl.errors import UsageError
from newscrawl.index.answers import Answer, Question
from newscrawl.index.engine import SORTS
from newscrawl.index.finding import MOST_HITS

LIMIT = 20
"""Hits on a page, unless it is said."""


def offset(page: int, limit: int) -> int:
    """The hits before a page, which is counted from 1. Raises UsageError beyond MOST_HITS."""
    if page * limit > MOST_HITS:
        raise UsageError(
            f"--page {page}: only the first {MOST_HITS:,} hits can be shown: narrow it"
        )
    return (page - 1) * limit


def next_page(question: Question, answered: Answer) -> str | None:
    """The command that goes on where this answer ends, and does not see what came since."""
    request = question.request
    if answered.next is None:
        return None
    words = ["newscrawl", "search", request.query]
    words += [word for paper in request.papers for word in ("--paper", paper)]
    words += ["--since", str(request.since)] if request.since else []
    words += ["--until", str(request.until)] if request.until else []
    words += ["--sort", request.sort] if request.sort != SORTS[0] else []
    words += ["--limit", str(request.limit)] if request.limit != LIMIT else []
    words += ["--all"] if question.unfolded else []
    words += ["--facets"] if question.facets else []
    words += ["--chart"] if question.timeline else []
    words += [] if request.count else ["--no-count"]
    return shlex.join([*words, "--as-of", str(answered.next)])


def beyond(question: Question, answered: Answer) -> str | None:
    """What is said of a page behind the last one."""
    there = answered.total if answered.stories is None else answered.stories
    if question.request.as_of:  # pages are counted from there
        there -= question.request.as_of.rows
    pages = -(-there // question.request.limit)
    if not answered.counted or not 0 < pages < _page(question):
        return None
    return f"--page {_page(question)}: there {'is 1 page' if pages == 1 else f'are {pages} pages'}"


def _page(question: Question) -> int:
    return question.request.offset // question.request.limit + 1

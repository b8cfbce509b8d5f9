"""What a segment of the Whoosh engine holds, made from documents and from other segments."""

from __future__ import annotations

import random

import numpy as np
import pytest

from newscrawl.index.documents import WEIGHTS
from newscrawl.index.whoosh_engine import builder
from newscrawl.index.whoosh_engine.builder import Builder
from newscrawl.index.whoosh_engine.lists import (
    HEAVIEST,
    K1,
    NUMBERS,
    STEPS,
    USUAL_LENGTH,
    B,
    Lists,
)
from newscrawl.items import Words

VOCABULARY = ["渡口", "恢复", "通航", "ai", "𠮷", "的", "covid", "é"]


def drawn(count, seed):
    chance = random.Random(seed)
    return [
        Words(
            "",
            *(
                " ".join(chance.choices(VOCABULARY, k=chance.randrange(size)))
                for size in (4, 3, 9, 40)
            ),
        )
        for _ in range(count)
    ]


def numbered(seq):
    return dict.fromkeys(NUMBERS, 1) | {"seq": seq}


def built(path, documents, absorbed=()):
    made = Builder(path)
    for lists, kept in absorbed:
        made.absorb(lists, kept)
    for number, held in enumerate(documents, 1):
        made.add(numbered(number), held)
    made.write()
    return Lists(path)


def told(lists):
    found = {}
    for term in lists.terms:
        documents, impacts = lists.find(term)
        found[term] = list(zip(documents.tolist(), impacts.tolist(), strict=True))
    return found


def bm25f(documents):
    """What every word adds to each document, one by one."""
    found = {}
    for number, held in enumerate(documents):
        counted = {}
        for field, weight in WEIGHTS.items():
            for word in getattr(held, field).split():
                counted[word.encode()] = counted.get(word.encode(), 0) + weight
        length = sum(counted.values())
        for word, weight in counted.items():
            norm = weight + K1 * (1 - B + B * length / USUAL_LENGTH)
            found.setdefault(word, []).append((number, weight * (K1 + 1) / norm))
    return found


def test_lists_are_bm25f(tmp_path):
    documents = drawn(60, seed=1)
    found, expected = told(built(tmp_path / "a", documents)), bm25f(documents)
    assert list(found) == sorted(expected)
    for word, posting in found.items():
        assert [number for number, _ in posting] == [number for number, _ in expected[word]]
        for (_, impact), (_, score) in zip(posting, expected[word], strict=True):
            assert impact * HEAVIEST / STEPS == pytest.approx(score, abs=HEAVIEST / STEPS)


def test_a_word_that_fills_a_text_scores_no_more_than_there_are_steps(tmp_path):
    [(_, impact)] = told(built(tmp_path / "a", [Words("", "的 " * 100_000, "", "", "")]))[
        b"\xe7\x9a\x84"
    ]
    assert impact <= STEPS


@pytest.mark.parametrize("documents", [[], [Words("", "", "", "", "")]])
def test_documents_without_words_have_no_lists(tmp_path, documents):
    lists = built(tmp_path / "a", documents)
    assert (len(lists), told(lists)) == (len(documents), {})
    assert lists.find(b"") is None


@pytest.mark.parametrize("piece", [1, 7, 100, builder.PIECE])
def test_what_is_absorbed_is_as_if_it_were_added(tmp_path, monkeypatch, piece):
    monkeypatch.setattr(builder, "PIECE", piece)
    groups = [drawn(count, seed=count) for count in (30, 1, 12)]
    everything = [held for group in groups for held in group]
    absorbed = [built(tmp_path / str(len(group)), group) for group in groups[:2]]
    every = [(lists, np.ones(len(lists), np.bool_)) for lists in absorbed]
    whole = built(tmp_path / "whole", groups[2], every)
    assert told(whole) == told(built(tmp_path / "plain", everything))
    assert whole.numbers["seq"].tolist() == [*range(1, 31), 1, *range(1, 13)]


@pytest.mark.parametrize("piece", [1, 7, 100, builder.PIECE])
def test_what_is_not_kept_leaves_no_word_behind(tmp_path, monkeypatch, piece):
    monkeypatch.setattr(builder, "PIECE", piece)
    documents = [*drawn(9, seed=3), Words("", "孤本", "", "", "")]
    lists = built(tmp_path / "all", documents)
    kept = np.array([True] * 9 + [False])
    assert told(built(tmp_path / "kept", [], [(lists, kept)])) == told(
        built(tmp_path / "plain", documents[:-1])
    )

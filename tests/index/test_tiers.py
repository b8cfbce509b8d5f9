"""However commits come, segments stay few and documents are seldom rewritten."""

from __future__ import annotations

from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.index.whoosh_engine import words
from newscrawl.index.whoosh_engine.tiers import chosen
from newscrawl.index.whoosh_engine.words import MERGED_DOCUMENTS, TOGETHER, WordsReader, WordsWriter
from newscrawl.items import Words
from tests.index.test_whoosh_lists import numbered


def grown(commits, together, most):
    """Sizes of the segments after every commit, and how many documents were rewritten in all."""
    sizes, rewritten = [], 0
    for commit in commits:
        sizes.append(commit)
        while taken := chosen(sizes, int, together, most):
            assert 2 <= len(taken) <= together
            assert sum(taken) <= most
            for each in taken:
                sizes.remove(each)
            sizes.append(sum(taken))
            rewritten += sum(taken)
        yield list(sizes), rewritten


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.integers(1, 250), min_size=1, max_size=400),
    st.sampled_from(
        [(2, 2**6), (3, 2 * 3**4), (4, 2 * 4**3), (8, 2 * 8**3), (8, MERGED_DOCUMENTS)]
    ),
)
def test_segments_and_rewritten_documents_stay_within_bounds(commits, bounds):
    together, most = bounds
    tiers = round(log(most / 2, together))
    total = 0
    for commit, (sizes, rewritten) in zip(commits, grown(commits, together, most), strict=True):
        total += commit
        assert sum(sizes) == total
        assert len(sizes) <= tiers * (together - 1) + total // (most // 2)
        assert rewritten <= total * min(tiers, log(total, together) + 1)


@pytest.mark.parametrize(("commit", "count"), [(1, 600), (7, 300), (250, 400)])
def test_one_size_of_commit(commit, count):
    *_, (sizes, rewritten) = grown([commit] * count, TOGETHER, MERGED_DOCUMENTS)
    assert len(sizes) <= 5 * (TOGETHER - 1) + commit * count // (MERGED_DOCUMENTS // 2)
    assert rewritten <= commit * count * (log(count, TOGETHER) + 1)


def test_beyond_the_largest_size_the_others_are_not_rewritten_at_every_commit():
    """As they were once more than sixteen segments were large."""
    before = 0
    for number, (_sizes, rewritten) in enumerate(grown([10] * 600, 4, 2 * 4**3), 1):
        assert rewritten - before <= 2 * 4**3 * 3
        before = rewritten
        assert rewritten <= number * 10 * 3


def test_merged_segments_hold_what_was_written(tmp_path, monkeypatch):
    monkeypatch.setattr(words, "TOGETHER", 2)
    monkeypatch.setattr(words, "MERGED_DOCUMENTS", 2 * 2**4)
    words.create(tmp_path)
    writer = WordsWriter(tmp_path)
    for seq in range(1, 101):
        writer.add(numbered(seq), Words("", f"渡口 w{seq}", "", "", ""))
        writer.commit()
        writer.merge()
    writer.close()
    reader = WordsReader(tmp_path)
    assert sorted(reader.numbers["seq"][reader.kept].tolist()) == list(range(1, 101))
    assert sum(posting.documents.size for posting in reader.find("渡口")) == 100
    assert all(len(reader.find(f"w{seq}")) == 1 for seq in range(1, 101))
    assert len(list(tmp_path.glob("*.lists"))) <= 4 + 100 // 16


@pytest.mark.parametrize(("most", "files"), [(20, 1), (19, 4)])
def test_a_part_becomes_one_segment_where_one_merge_can_do_that(tmp_path, monkeypatch, most, files):
    monkeypatch.setattr(words, "MERGED_DOCUMENTS", most)
    words.create(tmp_path)
    writer = WordsWriter(tmp_path)
    for seq in range(1, 21):
        writer.add(numbered(seq), Words("", f"渡口 w{seq}", "", "", ""))
        if seq % 5 == 0:
            writer.commit()
    assert writer.merge(whole=True) == (files == 1)
    assert not writer.merge(whole=True)
    writer.close()
    reader = WordsReader(tmp_path)
    assert len(list(tmp_path.glob("*.lists"))) == files
    assert sorted(reader.numbers["seq"][reader.kept].tolist()) == list(range(1, 21))
    assert sum(posting.documents.size for posting in reader.find("渡口")) == 20

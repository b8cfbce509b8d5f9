"""The benchmarks run and compare like with like; how fast is for `make bench` to say."""

from __future__ import annotations

import json
import os
import random
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks import asides, corpus, indexing, memory, recall, reprints, stories
from benchmarks.__main__ import main
from benchmarks.figures import Figure, Round, Skipped, compared, read
from benchmarks.forms import forms
from benchmarks.held import Held
from benchmarks.sizes import Size
from tests.makers import article

pytestmark = pytest.mark.scale

TINY = Size(
    crawl_articles=40,
    crawl_rounds=1,
    import_documents=60,
    import_rounds=1,
    indexed=80,
    indexed_plain=40,
    memory_articles=60,
    memory_window=20,
    recall_substrings=3,
    recall_names=20,
    story_documents=300,
    story_others=20,
    matching_queries=(50, 400),
    matching_articles=30,
    enlarged={"whoosh": 400},
    live=400,
    live_brought=60,
    live_queries=5,
    verify_records=30,
    judged=False,
)


@pytest.fixture(autouse=True)
def _one_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSCRAWL_INDEX", "whoosh:indexes")


def run_all(capsys: pytest.CaptureFixture[str], name: str) -> list[dict[str, Any]]:
    assert main([name, "--small", "--json"], small=TINY) == 0
    figures = json.loads(capsys.readouterr().out)
    assert isinstance(figures, list)
    return figures


def run(capsys: pytest.CaptureFixture[str], name: str) -> dict[str, Any]:
    (figure,) = run_all(capsys, name)
    return figure


def test_the_crawl_asks_for_the_same_pages_as_the_bare_spider(
    capsys: pytest.CaptureFixture[str],
) -> None:
    figure = run(capsys, "crawl")
    assert figure["rounds"][0]["ours"] > 0
    assert "items: 40 in both; paths asked for: the same in both" in figure["notes"]


def test_the_import_indexes_what_the_baseline_indexes(capsys: pytest.CaptureFixture[str]) -> None:
    if corpus.find() is None:
        pytest.skip("the corpus is not beside the repository")
    figure = run(capsys, "import")
    assert figure["name"] == "import of 60 documents"
    assert figure["rounds"][0]["baseline"] > 0


def test_indexing_is_measured_with_one_process_and_with_two(
    capsys: pytest.CaptureFixture[str],
) -> None:
    if corpus.find() is None:
        pytest.skip("the corpus is not beside the repository")
    alone, shared, size = run_all(capsys, "indexing")
    assert alone["name"] == "indexing 60 documents on whoosh, one process"
    assert shared["name"] == "indexing 60 documents on whoosh, 2 processes"
    assert size["name"] == "bytes of a document on whoosh"
    assert alone["rounds"][0]["baseline"] == shared["rounds"][0]["baseline"] > 0


def test_a_fast_engine_indexes_more_than_the_plain_way_does_beside_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if corpus.find() is None:
        pytest.skip("the corpus is not beside the repository")
    monkeypatch.setattr(indexing, "TARGETS", {"whoosh": {1: None}})
    monkeypatch.setattr(indexing, "ENLARGED", {"whoosh": {1: 20.0}})
    alone, size, many = run_all(capsys, "indexing")
    assert alone["target"] == ""
    assert size["name"] == "bytes of a document on whoosh"
    assert many["name"] == "indexing 80 documents on whoosh, one process"
    assert many["target"] == "≥ 20.0 ×"
    assert "the plain way indexes the first 40 of them" in many["notes"]


def test_without_the_corpus_the_import_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NEWSCRAWL_SHARED", str(tmp_path))
    assert "NEWSCRAWL_SHARED" in run(capsys, "import")["reason"]


def test_recall_is_counted_over_substrings_and_names(
    capsys: pytest.CaptureFixture[str],
) -> None:
    if corpus.find() is None:
        pytest.skip("the corpus is not beside the repository")
    figures = run_all(capsys, "recall")
    assert figures[0]["name"] == "recall of words on whoosh, 21 substrings, 20 names in 60 articles"
    assert [figure["name"] for figure in figures[1:]] == [
        "precision of words on whoosh",
        "recall of phrases on whoosh, 21 substrings, 20 names in 60 articles",
        "precision of phrases on whoosh",
        figures[4]["name"],
        "precision of raw on whoosh",
    ]
    assert figures[4]["name"].startswith("recall of raw on whoosh, 21 substrings, ")
    assert all(figure["met"] for figure in figures)


HELD = [
    Held(seq, each, "\n".join((each.headline, *each.paragraphs)))
    for seq, each in enumerate(
        article(
            n,
            headline="渡口通航",
            paragraphs=["市长王小明在杭州轮渡公司看到", f"{n}号渡口", "约翰·史密斯"],
        )
        for n in (1, 2, 3)
    )
]


def test_recall_counts_what_is_missed_and_precision_what_is_wrong() -> None:
    assert recall.compared(HELD, ["渡口"], lambda _: frozenset({0, 1, 2}))["words"].right == 3
    lossy = recall.compared(HELD, ["渡口", "轮渡"], lambda _: frozenset({0, 1}))["phrases"]
    assert (lossy.right, lossy.expected, lossy.missed) == (4, 6, ["渡口", "轮渡"])
    greedy = recall.compared(HELD, ["飞机"], lambda query: frozenset({2} if '"' in query else ()))
    assert (greedy["phrases"].found, greedy["phrases"].wrong) == (1, ["飞机"])
    assert greedy["words"].wrong == []


def test_a_bare_name_with_a_dot_is_expected_where_its_parts_stand() -> None:
    text = "史密斯先生与约翰先生"
    apart = Held(3, article(4, headline=text, paragraphs=[text]), f"{text}\n{text}")
    tallies = recall.compared([HELD[0], apart], ["约翰·史密斯"], lambda _: frozenset({0, 3}))
    assert (tallies["words"].expected, tallies["words"].wrong) == (2, [])
    assert (tallies["phrases"].expected, tallies["phrases"].wrong) == (1, ["约翰·史密斯"])


def test_a_single_miss_is_not_rounded_away() -> None:
    assert recall.percent(10**8 - 1, 10**8) == "99.9999 %"
    assert recall.percent(5, 5) == "100 %"


def test_what_is_asked_stands_in_the_articles_and_is_the_same_every_time() -> None:
    drawn = recall.substrings(HELD, 3, 5)
    assert len(set(drawn)) == len(drawn) == 5
    assert all(any(text in each.text for each in HELD) for text in drawn)
    assert drawn == recall.substrings(HELD, 3, 5)
    assert recall.substrings(HELD, 20, 5) == []
    assert recall.names(HELD, 5) == ["杭州轮渡公司", "王小明", "约翰·史密斯"]


def test_stories_are_counted_by_pairs(capsys: pytest.CaptureFixture[str]) -> None:
    if corpus.find() is None:
        pytest.skip("the corpus is not beside the repository")
    precision, recall_, cost = run_all(capsys, "stories")
    assert precision["met"]
    assert recall_["met"]
    assert "mixed" in recall_["notes"][0]
    assert cost["ours"].endswith(" ms")


def test_matching_finds_what_the_trees_and_perq_find(capsys: pytest.CaptureFixture[str]) -> None:
    if corpus.find() is None:
        pytest.skip("the corpus is not beside the repository")
    figures = run_all(capsys, "matching")
    assert [figure["name"] for figure in figures] == [
        "matching 50 queries of rare terms",
        "matching 400 queries of rare terms",
        "matching 400 queries of frequent terms",
        "matching 50 queries of frequent words, beside Perq",
        "matching 400 queries of frequent words, beside Perq",
    ]
    assert all(figure["met"] is None for figure in figures)


def test_pairs_belong_together_that_tell_of_one_subject_in_near_days() -> None:
    days = (date(2023, 12, 11), date(2023, 12, 14), date(2023, 12, 15))
    pieces = [stories.Piece(str(n), day, "", "", "渡口", "") for n, day in enumerate(days)]
    assert stories.wanted(pieces) == {(0, 1), (1, 2)}
    assert stories.together([4, 7, 4, 4]) == {(0, 2), (0, 3), (2, 3)}


@pytest.mark.parametrize("kind", reprints.KINDS)
def test_a_reprint_is_made_of_every_text_and_is_the_same_every_time(kind: str) -> None:
    for text in (
        ["渡口恢复通航。"],
        ["央视网消息（新闻联播）：渡口恢复通航。", "市民称便，船票两元。"],
    ):
        made = reprints.KINDS[kind](text, random.Random(1))
        assert "".join(made)
        assert made == reprints.KINDS[kind](text, random.Random(1))


def test_forms_differ_and_are_the_same_every_time() -> None:
    made = forms(40, random.Random(1))
    assert len(set(made)) == len(made) > 30
    assert made == forms(40, random.Random(1))
    assert not any("{" in form or "\n" in form for form in made)


def test_every_query_of_the_mix_is_timed(capsys: pytest.CaptureFixture[str]) -> None:
    if corpus.find() is None:
        pytest.skip("the corpus is not beside the repository")
    figure = run(capsys, "latency")
    assert figure["name"] == "latency on whoosh, 500 queries, 400 articles"
    assert figure["met"] is None
    beside, kinds = [], []
    for note in figure["notes"]:
        (beside if note.startswith("beside the mix") else kinds).append(note)
    assert sum(int(note.split()[0]) for note in kinds if " × " in note) == 500
    assert [note.split()[7].rstrip(":") for note in beside] == list(asides.KINDS)


def test_an_import_is_watched(capsys: pytest.CaptureFixture[str]) -> None:
    if corpus.find() is None:
        pytest.skip("the corpus is not beside the repository")
    found, search = run_all(capsys, "live")
    assert found["name"] == "live on whoosh: found after its commit, while 60 articles join 400"
    assert search["result"].endswith(" ×")


def test_verifying_is_compared_with_hashing(capsys: pytest.CaptureFixture[str]) -> None:
    figure = run(capsys, "verify")
    assert figure["name"] == "verifying 30 captures"
    assert figure["rounds"][0]["baseline"] > 0


def test_what_another_process_has_measured_is_read() -> None:
    made = compared("x", "pages/s", [Round(5, 10)], 0.5, ("a note",))
    skipped = Skipped("y", "why")
    assert read(json.loads(json.dumps([asdict(made), asdict(skipped)]))) == [made, skipped]


def test_memory_is_read_in_every_window(capsys: pytest.CaptureFixture[str]) -> None:
    figure = run(capsys, "memory")
    assert "60: " in figure["notes"][0]
    assert float(figure["ours"].split()[0]) > 20


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["craw"])


def test_megabytes_counts_this_process() -> None:
    assert 10 < memory.megabytes(os.getpid()) < 2000


def test_windows_keep_the_peak_and_the_slope_is_per_thousand() -> None:
    samples = [(1, 90.0), (400, 100.0), (900, 97.0), (1001, 80.0), (1500, 101.0), (2000, 180.0)]
    found = memory.windows(samples, 1000)
    assert found == {1000: memory.Window(100.0, 97.0), 2000: memory.Window(180.0, 101.0)}
    assert memory.slope(found) == pytest.approx(4.0)


def test_a_ratio_is_the_median_of_the_rounds() -> None:
    rounds = [Round(5, 10), Round(4, 10), Round(9, 10)]
    figure = compared("x", "pages/s", rounds, 0.5, ())
    assert isinstance(figure, Figure)
    assert (figure.result, figure.met) == ("0.50 ×", True)
    assert not compared("x", "pages/s", rounds[:2], 0.5, ()).met

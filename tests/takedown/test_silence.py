"""From the tombstone on nobody is shown or told anything: every place where text goes out."""

from __future__ import annotations

import ast
import json
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from newscrawl.alerts.backtest import backtest
from newscrawl.alerts.evidence import Proposal
from newscrawl.archive.writer import ArchiveWriter
from newscrawl.catalogue import outgoing, snapshots, sqlite, stories, tombstones, versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.covered_captures import is_covered
from newscrawl.catalogue.outgoing import Scope as Everything
from newscrawl.catalogue.snapshots import Place
from newscrawl.errors import UsageError
from newscrawl.index.answers import Question, answer
from newscrawl.index.current import CurrentSearcher
from newscrawl.index.rebuilding import rebuild
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.index.store import Store
from newscrawl.items import Image
from newscrawl.ops.takedown import lift
from newscrawl.web.app import application
from tests.archive.samples import snapshot
from tests.makers import PAPER, article, record
from tests.takedown.conftest import NOW
from tests.web.asking import ask

ID = f"{PAPER}/2023-12-15/A01/2"
URL = article(2).url
READERS = {
    "alerts/backlog.py": "what a subscription has missed",
    "alerts/composing.py": "a message",
    "alerts/evidence.py": "a back-test",
    "alerts/feeding.py": "a feed",
    "alerts/matcher.py": "what a new version is news for",
    "alerts/unmatched.py": "whether anybody matches; no text",
    "catalogue/log.py": "whatever is read past; its askers are here",
    "catalogue/outgoing.py": "an export; its captures, too",
    "catalogue/appearances.py": "what reprints changed, for `story`",
    "cli/changes.py": "headlines of what was edited, moved or withdrawn",
    "cli/diff.py": "an edit: by `show`",
    "cli/proof.py": "a record",
    "cli/reindex.py": "a count",
    "cli/show.py": "an article",
    "cli/story.py": "a story: by `show`",
    "cli/verify.py": "records of an article; no text goes out",
    "ops/verification.py": "whether they are as they were recorded; no text goes out",
    "index/aside.py": "names of what is not indexed",
    "index/batches.py": "what is indexed",
    "index/dictionary.py": "what is indexed anew",
    "index/related.py": "articles near to one",
    "index/rows.py": "reprints under a hit",
    "index/search.py": "hits",
    "index/shares.py": "what is indexed",
    "index/verifying.py": "what decides about a hit; no text goes out",
    "ops/doctor.py": "names of what cannot be read, or was changed",
    "ops/indexed.py": "a count",
    "web/comparing.py": "what reprints changed",
    "web/snapshots.py": "the page of an article",
    "web/stories.py": "the page of a story",
    "web/takendown.py": "headline and place of what is redacted",
}
"""Every module that asks the catalogue for texts, and for what."""
ASKING = {
    "versions": {"by_seq", "streamed", "after", "of_article", "before", "live_count", "editions",
                 "live_among"},
    "log": {"after", "before", "named", "every"},
    "texts": {"lines"},
    "stories": {"members", "members_of"},
}  # fmt: skip


def test_every_place_where_a_text_goes_out_is_known():
    package = Path(__file__).parents[2] / "newscrawl"
    asking = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if any(_asks(node) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert asking == READERS.keys(), "a new reader of texts: is it silent?"
    direct = {
        str(path.relative_to(package))
        for path in (package / "catalogue").rglob("*.py")
        if "versions.c.body" in path.read_text(encoding="utf-8")
    }
    assert direct == DIRECT, "a new statement about texts: is it silent?"


DIRECT = {
    "catalogue/recognition.py",  # compares an article with what is held of it
    "catalogue/erasure.py",
    "catalogue/placement.py",  # live ones
    "catalogue/prospects.py",  # live ones
    "catalogue/versions.py",  # its askers are `READERS`
    "catalogue/texts.py",  # by `index/verifying.py`, behind the search's exclusion
    "catalogue/targets.py",  # digests of texts
    "catalogue/twins.py",  # live ones
    "catalogue/wordings.py",  # for what is to be erased, to be compared
}


def _asks(node):
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.attr in ASKING.get(node.value.id, ())
    )


def searched(home, held, query="渡口", **more):
    with closing(Searcher(home, held)) as searcher:
        return searcher.search(SearchRequest(query, **more))


def ids(result):
    return {hit.version.article_id for hit in result.hits}


@pytest.mark.parametrize(
    ("wanted", "prefix"), [(ID, False), (URL, False), (URL.removesuffix(".html"), True)]
)
def test_i1_what_is_taken_down_is_silent_at_once(home, held, ordered, wanted, prefix):
    app = application(held, None, "")
    assert ask(app, f"/s/{ID}").status == 200
    ordered(wanted, prefix=prefix)
    result = searched(home, held)
    assert result.total == 4
    assert ID not in ids(result)
    assert searched(home, held, '"第2号 渡口"~5').total == 0
    answer = ask(app, f"/s/{ID}")
    assert answer.status == 451
    assert answer.headers["cache-control"] == "no-store"
    assert "第2号" not in answer.text
    assert ask(app, f"/s/{ID}/1").status == 451
    assert ask(app, f"/story/{ID}").status == 451
    with held.read() as view:
        [version] = versions.of_article(view, ID)
        assert version.taken_down
        assert versions.by_seq(view, [version.seq]) == {}
        assert stories.members(view, stories.of_article(view, ID)) == []


def test_i1_no_export_has_it(held, ordered):
    def going_out():
        with held.read() as view:
            every = outgoing.held(view, Everything(every=True))
            return [seq for each in every for seq in each.seqs]

    with held.read() as view:
        [version] = versions.of_article(view, ID)
    assert version.seq in going_out()
    ordered(ID)
    assert version.seq not in going_out()
    assert len(going_out()) == 4


def test_i1_no_capture_of_it_is_proven(home, held, ordered):
    """Also none that made no version, and no picture that shows it."""
    pictured = article(2, images=[Image("https://example.com/hzrb/own.jpg")])
    shared = Image("https://example.com/hzrb/shared.jpg")
    pictured.images.append(shared)
    others = {
        url: captured(home, held, url, kind)
        for url, kind in (
            (pictured.url, "article"),
            (article(3).url, "article"),
            (pictured.images[0].url, "image"),
            (shared.url, "image"),
        )
    }
    with held.read() as view:
        [version] = versions.of_article(view, ID)
    pictured.record_id = others[pictured.url]
    record(held, pictured, article(3, images=[shared], record_id=others[article(3).url]))
    mine = {others[pictured.url], others[pictured.images[0].url], version.article.record_id}

    def refused():
        every = {*others.values(), version.article.record_id}
        with held.read() as view:
            return {each for each in every if is_covered(view, each)}

    assert refused() == set()
    taken = ordered(ID)
    assert refused() == mine
    lift(home, held, taken.tombstone.id, NOW, "误会")
    assert refused() == set()
    ordered(shared.url)
    assert refused() == {others[shared.url]}


def captured(home, held, url, kind):
    """The record id of another capture of an address."""
    place = Place(PAPER, "2023-12-15", kind)
    with ArchiveWriter(home.snapshots) as writer:
        taken = snapshot(url=url)
        row = snapshots.row(place, taken, writer.write(place.folder, taken).result())
    with held.write() as tx:
        snapshots.add_all(tx, [row])
    return taken.record_id


def test_i1_counts_facets_suggestions_and_related_leave_it_out(home, held, ordered):
    record(held, article(8, headline="鹦鹉螺号出港", paragraphs=["鹦鹉螺号昨日出港，渡口如常。"]))
    rebuild(Store(home.indexes), held)
    with closing(Searcher(home, held)) as searcher:
        before = answer(searcher, Question(SearchRequest("鹦鹉骡")))
        assert "鹦鹉螺" in str(before.suggestions)
        ordered(f"{PAPER}/2023-12-15/A01/8")
        after = answer(searcher, Question(SearchRequest("鹦鹉骡")))
        assert "鹦鹉螺" not in str(after)
        facets = searcher.finding(SearchRequest("渡口")).facets(["paper", "day"])
        assert facets["paper"] == [(PAPER, 5)]
        with held.read() as view:
            [one] = versions.of_article(view, ID)
        near = [each.article_id for each in searcher.related(one, 5)]
        ordered(near[0])
        assert near[0] not in [each.article_id for each in searcher.related(one, 5)]


def test_i1_a_backtest_leaves_it_out(home, held, ordered):
    ordered(ID)
    with closing(Searcher(home, held)) as searcher:
        asked = Proposal("渡口", until=date(2023, 12, 16), days=3)
        tried = backtest(searcher, asked)
    assert tried.total == 4
    assert "第2号" not in str(tried)


def test_i7_an_open_reader_and_a_warm_worker_leave_it_out(home, held, ordered):
    worker = CurrentSearcher(home)
    with closing(Searcher(home, held)) as reader:
        request = SearchRequest("渡口")
        assert worker.get().search(request).total == reader.search(request).total == 5
        ordered(ID)
        assert worker.get().search(request).total == reader.search(request).total == 4
    worker.close()


def test_a_prefix_covers_what_comes_later(home, held, ordered):
    ordered("https://example.com/hzrb/", prefix=True)
    assert searched(home, held).total == 0
    record(held, article(7))
    rebuild(Store(home.indexes), held)
    assert searched(home, held).total == 0
    with pytest.raises(UsageError):
        ordered("https://example.com", prefix=True)


def test_a_url_can_be_taken_down_before_it_is_met(home, held, ordered):
    taken = ordered(article(7).url)
    assert taken.articles == []
    record(held, article(7))
    rebuild(Store(home.indexes), held)
    assert searched(home, held, "第7号").total == 0
    with pytest.raises(UsageError):
        ordered("hangzhou_daily/2023-12-15/A01/77")


def test_an_edit_of_what_is_hidden_stays_hidden(home, held, ordered):
    ordered(ID)
    edited = ["第2号渡口又停航了，市民称赞出行方便。"]
    record(held, article(2, paragraphs=edited, record_id=article(9).record_id))
    rebuild(Store(home.indexes), held)
    assert searched(home, held, "第2号").total == 0


def test_what_was_edited_while_it_was_hidden_is_found_once_it_is_lifted(home, held, ordered):
    taken = ordered(ID)
    edited = ["第2号渡口又停航了，市民称赞出行方便。"]
    record(held, article(2, paragraphs=edited, record_id=article(9).record_id))
    lift(home, held, taken.tombstone.id, NOW, "a mistake")
    rebuild(Store(home.indexes), held)
    assert searched(home, held, "第2号 又停航了").total == 1


def test_the_same_text_elsewhere_is_hidden_too(home, held, ordered):
    long = [
        "停航两天的渡口今晨恢复通航，首班船载客三十人，码头上挤满了等候的市民，许多人带着相机。"
    ]
    record(held, article(20, paragraphs=long), article(21, paragraphs=long, headline="另一个标题"))
    taken = ordered(f"{PAPER}/2023-12-15/A01/20")
    assert taken.twins == [f"{PAPER}/2023-12-15/A01/21"]
    record(held, article(22, paragraphs=long, headline="又一个标题"))
    rebuild(Store(home.indexes), held)
    assert searched(home, held, "码头上挤满").total == 0


def test_what_is_lifted_is_shown_again(home, held, ordered):
    taken = ordered(ID)
    assert lift(home, held, taken.tombstone.id, NOW, "a mistake") == [ID]
    assert searched(home, held).total == 5
    assert ask(application(held, None, ""), f"/s/{ID}").status == 200
    with held.read() as view:
        [stone] = tombstones.listed(view)
    assert (stone.state, stone.lifted_why) == ("lifted", "a mistake")
    with pytest.raises(UsageError):
        lift(home, held, taken.tombstone.id, NOW, "again")


def test_under_two_tombstones_one_lifted_is_not_enough(home, held, ordered):
    first, _second = ordered(ID), ordered(URL, "redact")
    assert lift(home, held, first.tombstone.id, NOW, "a mistake") == []
    assert searched(home, held).total == 4


def test_of_a_redacted_article_headline_place_and_digest_remain(held, ordered):
    ordered(ID, "redact")
    page = ask(application(held, None, ""), f"/s/{ID}")
    assert page.status == 451
    assert "第2号渡口恢复通航" in page.text
    assert "首班船" not in page.text
    assert "sha256:" in page.text


def test_i6_an_older_copy_of_the_catalogue_brings_nothing_back(home, held, ordered, tmp_path):
    sqlite.back_up(home.catalogue, tmp_path / "old.db")
    ordered(ID)
    held.close()
    for path in home.root.glob("newscrawl.db*"):
        path.unlink()
    (tmp_path / "old.db").rename(home.catalogue)
    with closing(Catalogue.open(home.catalogue)) as older:
        assert searched(home, older).total == 4
        rebuild(Store(home.indexes), older)
        assert searched(home, older).total == 4
        assert ask(application(older, None, ""), f"/s/{ID}").status == 451


def test_i8_who_when_and_why_are_kept_without_the_content(home, held, ordered):
    ordered(ID, "hide")
    said = (home.root / "tombstones.jsonl").read_text(encoding="utf-8")
    line = json.loads(said)
    assert line["tombstone"]["by"] == "desk"
    assert line["tombstone"]["at"].startswith("2026-03-01T08:00")
    assert line["tombstone"]["reason"] == "asked by the author"
    assert "渡口" not in said
    assert "example.com" not in said
    assert (home.root / "tombstones.jsonl").stat().st_mode & 0o077 == 0


def test_i4_a_second_article_of_an_id_stays_hidden_when_it_is_edited(held, ordered):
    def come(headline, text):
        record(
            held,
            article(
                1,
                own_id="7",
                page="",
                number=0,
                headline=headline,
                paragraphs=[text],
                record_id=record_id,
                url="",
            ),
        )

    with held.read() as view:
        record_id = versions.of_article(view, ID)[0].article.record_id
    one, other = "甲村昨日修好水渠。", "乙镇今晨开市，摊位三百个。"
    come("甲村修渠", one)
    come("乙镇开市", other)
    ordered(f"{PAPER}/7~2")
    come("乙镇开市", other + "又及更正。")
    come("甲村修渠", one + "又及更正。")
    with held.read() as view:
        first, second = (versions.of_article(view, f"{PAPER}/7{each}") for each in ("", "~2"))
    assert [(each.n, each.live) for each in first] == [(1, False), (2, True)]
    assert [(each.n, each.live) for each in second] == [(1, False), (2, False)]

"""What `status` knows: counts, the last error, the age of the last success."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from newscrawl import unheard
from newscrawl.catalogue import editions, entries, letters, runs
from newscrawl.catalogue.connection import Catalogue
from newscrawl.errors import UsageError
from newscrawl.home import Home
from newscrawl.index.rebuilding import rebuild
from newscrawl.index.store import Store
from newscrawl.ops.health import IndexHealth, examine
from newscrawl.ops.place import paper_lock
from newscrawl.text.dates import shown
from tests.homes import INDEX_URL, LINE, older_copy_put_back, small_home
from tests.makers import DAY, NOW, PAPER, TITLE, article, record, ruin, spoil
from tests.people import address, dead_letter, person, subscription

SEEN = datetime.fromisoformat(NOW)
REASONS = [("https://example.com/1", "HTTP 503"), ("https://example.com/2", "timed out")]


@pytest.fixture
def home(tmp_path):
    return small_home(tmp_path / "家")


def health(home, *papers, after=timedelta(hours=2), free=0):
    return examine(home, SEEN + after, papers, free)


def change(home, work):
    catalogue = Catalogue.open(home.catalogue)
    with catalogue.write() as tx:
        work(tx)
    catalogue.close()


def run_that_ends(state, reasons=(), started=NOW):
    def work(tx):
        run = runs.begin(tx, PAPER, started)
        runs.end(tx, run, now=started, state=state, line="", reasons=list(reasons), stats={})

    return work


def test_a_complete_edition_asks_for_nothing(home):
    found = health(home)
    [paper] = found.papers
    assert (paper.paper, paper.title) == (PAPER, TITLE)
    assert (paper.edition.day, paper.edition.state) == (DAY, "complete")
    assert (paper.edition.tally.pages_held, paper.edition.tally.articles_held) == (1, 5)
    assert (paper.articles, paper.flagged, paper.quarantined) == (5, 0, 0)
    assert (paper.last_run.state, paper.last_run.line) == ("complete", LINE)
    assert paper.last_failure is None
    assert paper.hours_since_success == 2.0
    assert found.index == IndexHealth(0, None)
    assert found.attention == ()


def test_a_heartbeat_that_was_not_heard_asks_for_attention(home):
    unheard.note(home, "deliver", "heartbeat not heard: answered 500", NOW)
    assert health(home).attention == (
        f"deliver: heartbeat not heard: answered 500, since {shown(SEEN)}",
    )
    unheard.note(home, "deliver", None, NOW)
    assert health(home).attention == ()


def test_messages_that_are_dead_ask_for_attention(home):
    def die(tx):
        me = person(tx)
        place = address(tx, me)
        dead_letter(tx, subscription(tx, me, "渡口", (place,)), place)

    change(home, die)
    [said] = health(home, PAPER).attention
    assert said.startswith(
        "1 message is dead, it could not be delivered, of 1 subscription: "
        "`newscrawl outbox --state dead` shows why"
    )
    change(home, lambda tx: letters.again(tx, [1], NOW))
    assert health(home).attention == ()


def test_g2_a_success_older_than_a_day_is_alarmed(home):
    assert not health(home, after=timedelta(hours=23)).papers[0].overdue
    late = health(home, after=timedelta(hours=30))
    assert late.papers[0].overdue
    assert late.attention == (f"{PAPER}: no success for 30 h",)


def test_the_last_error_and_all_its_reasons_are_kept(home):
    change(home, run_that_ends("incomplete", REASONS))
    found = health(home)
    assert found.papers[0].last_run.reasons == REASONS
    assert found.attention == (
        f"{PAPER}: last run incomplete: https://example.com/1: HTTP 503 (and 1 more)",
    )
    change(home, run_that_ends("complete"))
    recovered = health(home)
    assert recovered.papers[0].last_failure.reasons == REASONS
    assert recovered.attention == ()


def test_a_run_that_was_killed_is_an_error(home):
    change(home, lambda tx: runs.begin(tx, PAPER, NOW))
    change(home, lambda tx: runs.begin(tx, PAPER, NOW))
    with paper_lock(home, PAPER):
        [paper] = health(home).papers
    assert (paper.last_run.state, paper.last_failure.state) == ("running", "killed")


def test_a_run_that_no_process_carries_on_was_killed(home):
    change(home, lambda tx: runs.begin(tx, PAPER, NOW))
    with paper_lock(home, PAPER):
        assert health(home).attention == ()
    found = health(home)
    [paper] = found.papers
    assert (paper.last_run.state, paper.last_failure) == ("killed", paper.last_run)
    assert found.attention == (f"{PAPER}: last run killed: the next one goes on from there",)


def test_a_reason_without_a_url_stands_alone(home):
    change(home, run_that_ends("incomplete", [("", "ended early: shutdown")]))
    assert health(home).attention == (f"{PAPER}: last run incomplete: ended early: shutdown",)


def test_runs_that_find_no_edition_for_days_are_not_silent(home):
    later = (SEEN + timedelta(days=5)).isoformat()
    change(home, run_that_ends("none", started=later))
    found = health(home, after=timedelta(days=5, hours=1))
    assert found.attention == (f"{PAPER}: no edition since {DAY}: it may have moved",)


def test_a_paper_that_was_only_brought_is_never_overdue(home):
    change(home, lambda tx: runs.register(tx, "old_times", "旧报"))
    assert "old_times: no success yet" in health(home, "old_times").attention

    def bring(tx):
        run = runs.begin(tx, "old_times", NOW)
        runs.end(tx, run, now=NOW, state=runs.IMPORTED, line="", reasons=[], stats={})

    change(home, bring)
    found = health(home, "old_times", after=timedelta(days=400))
    assert found.attention == ()
    assert (found.papers[0].last_success, found.papers[0].hours_since_success) == (NOW, 9600.0)


def test_a_file_that_was_brought_hides_no_failed_crawl(home):
    change(home, run_that_ends("failed", started=NOW))

    def bring(tx):
        run = runs.begin(tx, PAPER, NOW)
        runs.end(tx, run, now=NOW, state=runs.IMPORTED, line="", reasons=[], stats={})

    before = health(home)
    change(home, bring)
    after = health(home)
    assert (after.papers, after.attention) == (before.papers, before.attention)
    assert before.papers[0].last_run.state == "failed"


def test_flagged_and_quarantined_articles_and_an_index_behind_are_counted(home):
    catalogue = Catalogue.open(home.catalogue)
    record(
        catalogue,
        article(8, decode_errors=1, characters=5000),
        article(9, decode_errors=9, characters=100),
    )
    catalogue.close()
    found = health(home)
    [paper] = found.papers
    assert (paper.articles, paper.flagged, paper.quarantined) == (7, 1, 1)
    assert found.index.behind == 2
    assert [line.split(" articles")[0] for line in found.attention] == [
        f"{PAPER}: 1",
        "the index is 2 versions behind: the next run or import catches up",
    ]


def test_articles_that_cannot_be_prepared_are_named_and_counted(home):
    catalogue = Catalogue.open(home.catalogue)
    spoil(catalogue, 2, 3, 4)
    rebuild(Store(home.indexes), catalogue)
    record(catalogue, article(4, headline="改了", record_id="<urn:uuid:again>"))
    catalogue.close()
    found = health(home)
    assert [each.seq for each in found.index.aside] == [2, 3]
    [line] = [line for line in found.attention if "not found" in line]
    assert line.startswith(f"{PAPER}/{DAY}/A01/2: not found, for it cannot be prepared")
    assert line.endswith("(and 1 more): after an upgrade `newscrawl reindex` tries again")


def test_an_article_that_cannot_be_read_is_named_with_what_to_do(home):
    catalogue = Catalogue.open(home.catalogue)
    ruin(catalogue, "no JSON", 2)
    rebuild(Store(home.indexes), catalogue)
    catalogue.close()
    found = health(home)
    assert [each.seq for each in found.index.aside] == [2]
    [line] = [line for line in found.attention if "not found" in line]
    assert line.startswith(f"{PAPER}/{DAY}/A01/2: not found, for it cannot be read in the cat")
    assert "restore newscrawl.db from a backup" in line


def test_an_unusable_index_and_a_full_disk_are_said(home):
    (home.indexes / "CURRENT").unlink()
    found = health(home, free=10**9)
    assert found.index.behind is None
    assert "newscrawl reindex" in found.attention[0]
    assert f"{10**9} MB needed" in found.attention[1]


def test_f13_an_index_of_another_copy_of_the_catalogue_is_said(home):
    """Of as many versions, so that no number tells."""
    older_copy_put_back(home)
    found = health(home)
    assert found.index.behind is None
    assert "older copy of newscrawl.db was put back: run `newscrawl reindex`" in str(
        found.index.problem
    )
    assert found.index.problem in found.attention


def test_gone_failed_and_pictures_are_those_of_the_newest_edition(home):
    def next_day(tx):
        edition = editions.open_edition(tx, PAPER, "2023-12-16", INDEX_URL, NOW)
        listed = [
            entries.Entry("https://example.com/a", "A01"),
            entries.Entry("https://example.com/p.jpg", "A01", kind="image"),
        ]
        entries.list_entries(tx, edition, listed, NOW, again=False)
        entries.entry_failed(tx, PAPER, "2023-12-16", listed[0].url, "HTTP 500", missing=False)
        editions.close_edition(tx, edition, "incomplete", NOW, captured=True)

    change(home, next_day)
    [paper] = health(home).papers
    assert (paper.edition.day, paper.edition.state) == ("2023-12-16", "incomplete")
    assert (paper.edition.tally.failed, paper.edition.tally.images) == (1, 1)
    assert paper.articles == 5


def test_nothing_collected_yet_is_said_and_nothing_is_created(tmp_path):
    found = health(Home(tmp_path / "none"))
    assert found.papers == ()
    assert "nothing collected yet" in found.attention[0]
    assert not (tmp_path / "none").exists()


def test_an_unknown_paper_is_refused(home):
    with pytest.raises(UsageError, match="known papers: hangzhou_daily"):
        health(home, "no_such_paper")

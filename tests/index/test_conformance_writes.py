"""What every engine keeps when it is written to, fails, is killed, and goes on."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from newscrawl.index.documents import words_of
from newscrawl.index.engine import Engine, Reader, Window
from newscrawl.index.plan import EVERYTHING, Key, Run
from newscrawl.index.reach import Reach
from newscrawl.items import Words
from newscrawl.text.segment import Segmenter
from tests.crawls import PROJECT
from tests.faults.rounds import rounds
from tests.index import asked
from tests.index.kinds import KINDS, engine
from tests.index.shelf import Shelf, document, generated, written
from tests.makers import article

BODY = ("headline", "around", "body")
ALL_BY_WORDS = Window(words=("临空", "第3次", "第10次", "第17次"), limit=1_000)


@pytest.fixture(params=KINDS)
def kind(request) -> Engine:
    return engine(request.param)


def test_both_ends_of_a_write(kind, tmp_path):
    kind.create(tmp_path)
    assert (kind.reached(tmp_path).mark, kind.reader(tmp_path).count()) == (0, 0)
    assert kind.reader(tmp_path).search(EVERYTHING, Window(words=("渡口",))).hits == []
    assert kind.reader(tmp_path).facets(EVERYTHING, ["paper"]) == {"paper": []}
    writer = kind.writer(tmp_path)
    written(writer, [document(seq, article(seq)) for seq in (1, 2)])
    early = kind.reader(tmp_path)
    shelf = Shelf({seq: article(seq) for seq in (1, 2)})
    written(writer, [shelf.add(article(3)), shelf.add(article(1), of=1)])
    writer.write(iter(()), 0, Reach(9))
    writer.upkeep(ending=True)
    late = kind.reader(tmp_path)
    assert (writer.mark, kind.reached(tmp_path).mark, late.mark, early.mark) == (9, 9, 9, 2)
    assert early.seqs(EVERYTHING).tolist() == [1, 2]
    assert late.seqs(EVERYTHING).tolist() == [2, 3, 4]
    assert early.search(EVERYTHING, Window(words=("渡口",))).total == 2
    writer.close()
    assert kind.reader(tmp_path).seqs(EVERYTHING).tolist() == [2, 3, 4]
    again = kind.writer(tmp_path)
    assert again.mark == 9
    again.close()


def test_a_write_that_fails_leaves_nothing(kind, tmp_path):
    kind.create(tmp_path)
    writer = kind.writer(tmp_path)
    written(writer, [document(1, article(1))])

    def failing():
        yield document(2, article(2))
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        writer.write(failing(), 2, Reach(3))
    assert (writer.mark, kind.reached(tmp_path).mark, kind.reader(tmp_path).count()) == (1, 1, 1)
    written(writer, [document(2, article(2)), document(3, article(3))])
    assert kind.reader(tmp_path).seqs(EVERYTHING).tolist() == [1, 2, 3]
    writer.close()


def test_versions_are_given_other_words(kind, tmp_path):
    kind.create(tmp_path)
    writer = kind.writer(tmp_path)
    written(writer, [document(seq, article(seq)) for seq in range(1, 6)])
    written(writer, [document(6, article(1), (1,))])
    before = kind.reader(tmp_path)
    again = [document(seq, article(seq)) for seq in (2, 4)]
    again = [replace(each, words=replace(each.words, lead="渡口恢复")) for each in again]
    writer.rewrite(iter(again), 2)
    writer.upkeep(ending=True)
    after = kind.reader(tmp_path)
    assert (writer.mark, after.mark, after.count()) == (6, 6, 5)
    for reader in (after, before):
        assert reader.seqs(EVERYTHING).tolist() == [2, 3, 4, 5, 6]
        assert reader.seqs(Run(("渡口",), False, BODY)).tolist() == [2, 3, 4, 5, 6]
    for reader, expected in ((before, set()), (after, {2, 4})):
        hits = reader.search(EVERYTHING, Window(words=("渡口恢复",))).hits
        assert {seq for seq, score in hits if score > 0} == expected
    writer.close()


def test_upkeep_changes_no_answer(kind, tmp_path):
    chance, shelf = random.Random(3), Shelf()
    kind.create(tmp_path)
    writer = kind.writer(tmp_path)
    for one in list(generated(60, chance)):
        written(writer, [shelf.add(one)])
    written(writer, [shelf.add(shelf.articles[seq], of=seq) for seq in range(1, 20)])
    before = kind.reader(tmp_path)
    writer.upkeep()
    for steps in (0, 1, 2, 1_000):
        left = iter(range(steps))
        writer.tidy(lambda left=left: next(left, None) is None)
    writer.upkeep(ending=True)
    after = kind.reader(tmp_path)
    for wanted in (EVERYTHING, Run(("临空",), False, BODY), Key("page", ("要闻",))):
        expected = sorted(asked.found(wanted, shelf, shelf.live()))
        assert before.seqs(wanted).tolist() == after.seqs(wanted).tolist() == expected
    writer.close()


def test_of_equal_articles_the_newer_comes_first(kind, tmp_path):
    days = ["2023-12-01", "2023-12-03", "2023-12-02", "2023-12-03", "2023-12-02"] * 60
    kind.create(tmp_path)
    writer = kind.writer(tmp_path)
    written(writer, [document(seq, article(1, edition=day)) for seq, day in enumerate(days, 1)], 50)
    reader = kind.reader(tmp_path)
    hits = reader.search(EVERYTHING, Window(words=("渡口",), limit=300)).hits
    assert [seq for seq, _score in hits] == sorted(
        range(1, 301), key=lambda seq: (-int(days[seq - 1][-2:]), seq)
    )
    parts = [
        reader.search(EVERYTHING, Window(words=("渡口",), offset=offset, limit=7)).hits
        for offset in range(0, 300, 7)
    ]
    assert [hit for part in parts for hit in part] == hits
    reader.close()
    writer.close()


def test_the_longest_word_is_found_whole_and_by_its_beginning(kind, tmp_path):
    long = "a" * 70_000
    kind.create(tmp_path)
    writer = kind.writer(tmp_path)
    written(writer, [document(1, article(1, paragraphs=[f"渡口{long}通航，{'b' * 4000}。"]))])
    reader = kind.reader(tmp_path)
    assert reader.seqs(Run(("aaaa",), True, BODY)).tolist() == [1]
    assert reader.seqs(Run(("aaaa",), False, BODY)).tolist() == []
    assert reader.seqs(Run(("b" * 4000,), False, BODY)).tolist() == [1]
    assert reader.seqs(Run(("通航",), False, BODY)).tolist() == [1]
    writer.close()


@pytest.mark.fault
def test_a_killed_write_is_neither_lost_nor_doubled(kind, tmp_path):
    chance, most = random.Random(5), 0
    kind.create(tmp_path)
    for _round in rounds(6, 100):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.index.writing", kind.name, str(tmp_path)],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            text=True,
        )
        last = process.stdout.readline()
        time.sleep(chance.uniform(0, 0.5))
        process.kill()
        marks = [last, *process.communicate()[0].splitlines()]
        most = kind.reached(tmp_path).mark
        assert most >= max(int(line) for line in marks if line.strip())
        killed = kind.reader(tmp_path)
        assert not list(kind.damaged(tmp_path))
        for reader in (killed, recovered(kind, tmp_path)):
            assert reader.mark == most
            assert reader.seqs(EVERYTHING).tolist() == living(most)
            assert reader.count() == len(living(most))
            reader.close()
    assert most


def recovered(kind, directory) -> Reader:
    """What is found once the next writer has opened the index."""
    kind.writer(directory).close()
    return kind.reader(directory)


def living(mark: int) -> list[int]:
    return [seq for seq in range(1, mark + 1) if seq % 2 == 0 or seq == mark]


def test_writing_anew_changes_words_and_nothing_else(kind, tmp_path):
    chance, shelf, anew = random.Random(11), Shelf(), Segmenter(["空经", "莫干山路", "京杭"])
    kind.create(tmp_path)
    writer = kind.writer(tmp_path)
    for _commit in range(4):
        written(writer, [shelf.add(each) for each in generated(40, chance)])
    half = writer.mark
    for seq in chance.sample(range(1, half + 1), 30):
        written(writer, [shelf.add(shelf.articles[seq], of=seq)])
    live = sorted(shelf.live())
    for start in range(0, len(live), 60):
        batch = live[start : start + 60]
        documents = (
            replace(document(seq, shelf.articles[seq]), words=words_of(shelf.articles[seq], anew))
            for seq in batch
        )
        writer.rewrite(documents, len(batch))
        writer.upkeep()
    reader = kind.reader(tmp_path)
    assert (writer.mark, reader.mark, reader.count()) == (190, 190, len(live))
    for wanted in (EVERYTHING, *(asked.expression(chance, shelf) for _number in range(60))):
        for upto in (half, half + 15, None):
            expected = sorted(asked.found(wanted, shelf, shelf.live(upto)))
            assert reader.seqs(wanted, upto).tolist() == expected
    with_word = {
        seq for seq in live if any("空经" in text for text in shelf.subject(seq).texts(None))
    }
    hits = reader.search(EVERYTHING, Window(words=("空经",), limit=200)).hits
    assert {seq for seq, score in hits if score} == with_word
    assert reader.beginning("空")["空经"] >= len(with_word) > 0
    reader.close()
    writer.close()


def test_a_reader_opened_beside_another_answers_for_itself(kind, tmp_path):
    """Each is opened with the one before, and closed at any time: all keep their states."""
    chance, shelf, held, before = random.Random(13), Shelf(), [], None
    kind.create(tmp_path)
    writer = kind.writer(tmp_path)
    written(writer, [shelf.add(each) for each in generated(60, chance)])
    for step in range(30):
        _something(writer, shelf, chance, step)
        earlier, before, later = (kind.reader(tmp_path, each) for each in (None, before, None))
        held.append((before, len(shelf.articles)))
        # An engine that merges by itself may do so between any two: scores are of what is there.
        assert _scores(before) in (_scores(earlier), _scores(later))
        for reader, upto in held:
            wanted, live = asked.expression(chance, shelf), shelf.live(upto)
            assert (reader.mark, reader.count()) == (upto, len(live))
            assert reader.seqs(wanted).tolist() == sorted(asked.found(wanted, shelf, live))
        if len(held) > 4:
            held.pop(chance.randrange(4))[0].close()
    for reader, _upto in held:
        reader.close()
    writer.close()


def _something(writer, shelf, chance, step):
    """One more change: new versions, one that replaces another, other words, a thorough merge."""
    live = sorted(shelf.live())
    if step % 3 == 1:
        written(writer, [shelf.add(next(generated(1, chance)), of=chance.choice(live))])
    elif step % 3 == 2 and step % 2:
        again = [document(seq, shelf.articles[seq]) for seq in sorted(chance.sample(live, 3))]
        words = Words("", f"第{step}次", "", "", "")
        writer.rewrite((replace(each, words=words) for each in again), len(again))
    else:
        written(writer, [shelf.add(each) for each in generated(chance.randint(1, 3), chance)])
    writer.upkeep(ending=step % 10 == 9)


def _scores(reader):
    words = ("临空", *(f"第{step}次" for step in range(30)))
    return reader.search(EVERYTHING, Window(words=words, limit=1_000))

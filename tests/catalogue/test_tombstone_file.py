"""Tombstones beside the catalogue: what either lacks of the other is done when it is opened."""

from __future__ import annotations

import json
import stat

import pytest

from newscrawl import jsonl
from newscrawl.catalogue import covered, targets, tombstone_file, tombstones
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.tombstone_file import TombstonesUnreadable, TombstonesUnwritten
from newscrawl.catalogue.tombstone_lines import Lifted, Raised
from newscrawl.catalogue.withdrawn import Tombstone, id_mark
from tests.makers import NOW, PAPER, article, catalogue, record

ID = f"{PAPER}/2023-12-15/A01/1"


@pytest.fixture
def path(tmp_path):
    made = catalogue(tmp_path / "newscrawl.db")
    record(made, article(1), article(2))
    made.close()
    return tmp_path / "newscrawl.db"


def stone(number=1, /, **changes):
    values = {"scope": "hide", "reason": "asked", "category": "other", "by": "desk", "at": NOW}
    return Tombstone(id=f"{number:012d}", kind="article", target=ID, **values | changes)


def raised(number=1, /, **changes):
    return Raised(stone(number, **changes), (id_mark(ID),), (ID,))


def states(path):
    """Of all tombstones, in a catalogue that is opened anew; and whether one covers the article."""
    opened = Catalogue.open(path)
    with opened.read() as view:
        found = [each.state for each in tombstones.listed(view)]
        told = covered.of_article(view, ID) is not None
    opened.close()
    return found, told


def test_what_a_catalogue_lacks_is_done_when_it_is_opened(path):
    tombstone_file.append(path, raised())
    assert states(path) == (["told"], True)
    tombstone_file.append(path, Lifted(stone().id, NOW, "a mistake"))
    assert states(path) == (["lifted"], False)
    assert states(path) == (["lifted"], False)


def test_a_file_that_is_lost_is_written_again(path):
    tombstone_file.append(path, raised(1))
    tombstone_file.append(path, raised(2, scope="erase"))
    tombstone_file.append(path, Lifted(stone(1).id, NOW, "a mistake"))
    opened = Catalogue.open(path)
    with opened.write() as tx:
        tombstones.set_state(tx, stone(2).id, "done")
    opened.close()
    tombstone_file.beside(path).unlink()
    assert states(path) == (["lifted", "done"], True)
    for each in path.parent.glob("newscrawl.db*"):
        each.unlink()
    record(catalogue(path), article(1))
    assert states(path) == (["lifted", "told"], True), "it is erased again"


def test_what_a_crash_left_half_written_was_never_done(path):
    tombstone_file.append(path, raised())
    with tombstone_file.beside(path).open("ab") as file:
        file.write(b'{"line": "raised", "tomb')
    assert states(path) == (["told"], True)
    tombstone_file.append(path, raised(2))
    assert states(path) == (["told", "told"], True)


@pytest.mark.parametrize("line", ["{}", "not JSON", '{"line": "burnt"}', '{"line": "raised"}'])
def test_what_cannot_be_read_is_refused_in_one_line(path, line):
    tombstone_file.beside(path).write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(TombstonesUnreadable, match="line 1") as refusal:
        Catalogue.open(path)
    assert "\n" not in str(refusal.value)


def test_an_article_that_an_older_copy_knows_by_another_id_is_covered_by_its_address(path):
    line = Raised(
        stone(), (id_mark("other"), *tombstone_marks(path)), (f"{PAPER}/2023-12-15/A01/9",)
    )
    tombstone_file.append(path, line)
    assert states(path)[1]


def tombstone_marks(path):
    opened = Catalogue.open(path)
    with opened.read() as view:
        marks = targets.marks_of(view, [ID])
    opened.close()
    return marks


def without_sums(path):
    """The file as it was written before there were checksums."""
    file = tombstone_file.beside(path)
    lines = [json.loads(line) for line in file.read_bytes().splitlines()]
    for values in lines:
        del values["sha256"]
    text = "".join(f"{json.dumps(values, ensure_ascii=False)}\n" for values in lines)
    file.write_text(text, encoding="utf-8")
    return file


def test_f15_lines_of_before_there_were_checksums_get_theirs_once(path):
    tombstone_file.append(path, raised(reason="作者要求"))
    tombstone_file.append(path, Lifted(stone().id, NOW, "误会"))
    written = tombstone_file.beside(path).read_bytes()
    file = without_sums(path)
    assert list(tombstone_file.faults(path)) == []
    assert states(path) == (["lifted"], False)
    assert file.read_bytes() == written
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_f15_a_changed_end_makes_no_line_of_before_there_were_checksums(path):
    tombstone_file.append(path, raised())
    file = tombstone_file.beside(path)
    written = file.read_bytes()
    for place in range(written.rindex(b', "sha256"'), len(written) - 1):
        for byte in {written[place] ^ 1, ord(" "), ord("\t")} - {written[place]}:
            file.write_bytes(written[:place] + bytes([byte]) + written[place + 1 :])
            assert [each.number for each in tombstone_file.faults(path)] == [1], (place, byte)


@pytest.mark.parametrize("behind", [b"", b"\x8a", b"}"])
def test_i5_a_line_that_lacks_but_its_break_is_kept(path, behind):
    tombstone_file.append(path, raised())
    file = tombstone_file.beside(path)
    file.write_bytes(file.read_bytes().removesuffix(b"\n") + behind)
    [fault] = tombstone_file.faults(path)
    assert (fault.number, fault.cut) == (1, True)
    assert states(path) == (["told"], True)
    tombstone_file.append(path, raised(2))
    assert tombstone_file.names(path) == {stone(1).id, stone(2).id}
    assert list(tombstone_file.faults(path)) == []


def followed(path, monkeypatch):
    """From which bytes on the file is read when the catalogue is opened next."""
    begins = []
    parted = jsonl.parted

    def watched(path, is_whole, begin=0):
        begins.append(begin)
        return parted(path, is_whole, begin)

    with monkeypatch.context() as patched:
        patched.setattr(jsonl, "parted", watched)
        found = states(path)
    return begins, found


def test_what_is_known_of_the_file_is_not_read_again(path, monkeypatch):
    tombstone_file.append(path, raised(1))
    states(path)
    size = tombstone_file.beside(path).stat().st_size
    tombstone_file.append(path, raised(2))
    tombstone_file.append(path, Lifted(stone(1).id, NOW, "a mistake"))
    assert followed(path, monkeypatch) == ([size], (["lifted", "told"], True))
    assert followed(path, monkeypatch) == ([], (["lifted", "told"], True))


def test_a_line_that_got_its_break_afterwards_is_known_all_the_same(path, monkeypatch):
    tombstone_file.append(path, raised(1))
    file = tombstone_file.beside(path)
    file.write_bytes(file.read_bytes().removesuffix(b"\n"))
    states(path)
    size = file.stat().st_size
    tombstone_file.append(path, raised(2))
    assert followed(path, monkeypatch) == ([size], (["told", "told"], True))


def test_i6_another_file_in_its_place_is_read_from_its_beginning(path, monkeypatch):
    """Those of a backup may stand before those of the home, or between them."""
    tombstone_file.append(path, raised(2))
    tombstone_file.append(path, raised(3))
    states(path)
    file = tombstone_file.beside(path)
    lines = file.read_bytes().splitlines(keepends=True)
    file.unlink()
    tombstone_file.append(path, raised(1))
    first = file.read_bytes()
    file.write_bytes(b"".join([first, *reversed(lines)]))
    begins, found = followed(path, monkeypatch)
    assert 0 in begins
    assert found == (["told", "told", "told"], True)


def test_a_line_behind_what_is_known_that_cannot_be_read_is_named_by_its_number(path):
    tombstone_file.append(path, raised(1))
    states(path)
    with tombstone_file.beside(path).open("ab") as file:
        file.write(b"not JSON\n")
    with pytest.raises(TombstonesUnreadable, match="line 2"):
        Catalogue.open(path)


def test_f12_what_cannot_be_written_down_is_not_done_and_said_in_one_line(path, monkeypatch):
    def refused(*_given):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(jsonl, "append", refused)
    with pytest.raises(TombstonesUnwritten, match="Read-only file system") as refusal:
        tombstone_file.append(path, raised())
    assert "\n" not in str(refusal.value)
    assert states(path) == ([], False)

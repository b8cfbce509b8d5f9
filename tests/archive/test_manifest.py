"""The text of a manifest: what is written is read again, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.archive import merkle
from newscrawl.archive.manifest import Before, parse
from newscrawl.archive.manifest_lines import BadManifest, ErasedLine
from tests.archive.manifests import FILE, OTHER, hexed, manifest, record

BEFORE = Before("2023-12-14", hexed("before"))
SOUND = manifest(before=BEFORE)


@pytest.mark.parametrize("before", [None, BEFORE])
def test_what_is_written_is_read_again(before):
    made = manifest(before=before)
    assert parse(made.text.encode()) == made
    assert list(made.faults()) == []


def test_the_head_is_of_day_root_and_the_head_before():
    first = manifest()
    assert first.head == merkle.hash_line(f"head 2023-12-15 {first.root} none")
    assert SOUND.head == merkle.hash_line(f"head 2023-12-15 {SOUND.root} {BEFORE.head}")


def test_records_stand_below_their_file():
    first, second = SOUND.sections()
    assert (first.file, first.number, first.lines()) == (FILE, 6, [record(1), record(2)])
    assert (second.file, second.number, second.lines()) == (OTHER, 9, [record(3, url="-")])


def test_an_erased_line_leaves_the_root_as_it_was():
    erased = ErasedLine(record(1).leaf, record(1).record_id)
    after = manifest(FILE, erased, record(2), OTHER, record(3, url="-"), before=BEFORE)
    assert (after.root, after.head) == (SOUND.root, SOUND.head)
    assert parse(after.text.encode()) == after
    assert record(1).url not in after.text


@given(st.data())
def test_f15_any_changed_byte_of_a_manifest_is_found(data):
    content = SOUND.text.encode()
    # The day of the manifest before is beside its head, which is hashed: `verify` compares it with
    # the chain.
    day = content.index(BEFORE.day.encode())
    places = {*range(len(content))} - {*range(day, day + len(BEFORE.day))}
    place = data.draw(st.sampled_from(sorted(places)))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != content[place]))
    assert found(content[:place] + bytes([other]) + content[place + 1 :])


def found(content: bytes) -> bool:
    try:
        return any(parse(content).faults())
    except BadManifest:
        return True


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("newscrawl manifest 1", "newscrawl manifest 2", 1),
        ("day 2023", "day 202", 2),
        ("before 2023", "before  2023", 3),
        ("lines 5", "lines 05", 4),
        ("lines 5", "lines 6", 4),
        (f"{FILE.text}\n", "", 4),
        ("response", "revisit", 6),
        (" 1001 ", " 01001 ", 6),
        (f"{hexed('payload 3')} -", hexed("payload 3"), 9),
        ("\nroot", "\n\nroot", 4),
        ("\nhead ", "\nhead  ", 11),
    ],
)
def test_what_is_not_as_it_was_written_is_named_by_its_line(old, new, line):
    text = SOUND.text.replace(old, new, 1)
    assert text != SOUND.text
    with pytest.raises(BadManifest) as caught:
        parse(text.encode())
    assert caught.value.line == line


@pytest.mark.parametrize(
    "content", [b"", b"\n", SOUND.text[:-1].encode(), SOUND.text.encode()[:99]]
)
def test_a_cut_manifest_is_none(content):
    with pytest.raises(BadManifest):
        parse(content)


def test_a_record_is_in_a_file():
    text = manifest(FILE, record(1)).text
    alone = text.replace(f"{FILE.text}\n", "").replace("lines 2", "lines 1")
    with pytest.raises(BadManifest, match="no line of a file"):
        parse(alone.encode())

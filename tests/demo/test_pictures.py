from __future__ import annotations

import struct
import zlib
from itertools import pairwise

import pytest

from newscrawl.demo.edition import PAGE_HEIGHT, PAGE_WIDTH
from newscrawl.demo.pdf import empty_pdf
from newscrawl.demo.pictures import page_image, picture
from tests.demo.pages import EDITIONS


def read_png(data: bytes) -> tuple[int, int, list[bytes]]:
    """Width, height and the rows of samples; every checksum is looked at."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    at, chunks = 8, []
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind, content = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack_from(">I", data, at + 8 + length)
        assert checksum == zlib.crc32(kind + content)
        chunks.append((kind, content))
        at += 12 + length
    assert [kind for kind, _ in chunks] == [b"IHDR", b"IDAT", b"IEND"]
    width, height, depth, colour = struct.unpack_from(">IIBB", chunks[0][1])
    assert depth == 8
    pitch = 1 + width * {0: 1, 2: 3}[colour]
    pixels = zlib.decompress(chunks[1][1])
    assert len(pixels) == pitch * height
    return (
        width,
        height,
        [pixels[start + 1 : start + pitch] for start in range(0, len(pixels), pitch)],
    )


def test_a_picture_is_small_and_its_own() -> None:
    width, height, _ = read_png(picture("a"))
    assert (width, height) == (120, 80)
    assert picture("a") == picture("a") != picture("b")


def test_a_page_image_shows_a_box_for_every_area() -> None:
    box = [(20, 100), (120, 100), (120, 300), (20, 300)]
    width, height, rows = read_png(page_image("a", [box]))
    assert (width, height) == (PAGE_WIDTH, PAGE_HEIGHT)
    assert rows[200][20] == rows[200][119] == rows[100][70] == rows[300][70] == 0x60
    assert 0xB8 in rows[200][21:119] or 0xB8 in rows[203][21:119]
    assert set(rows[200][121:]) == {0xFF}
    assert set(rows[400]) == {0xFF}


def test_a_polygon_leaves_its_corner_free() -> None:
    corner = [(20, 100), (220, 100), (220, 200), (120, 200), (120, 300), (20, 300)]
    _, _, rows = read_png(page_image("a", [corner]))
    assert rows[150][219] == rows[250][119] == 0x60
    assert set(rows[250][121:]) == {0xFF}


def test_page_images_differ_by_name_even_without_articles() -> None:
    assert page_image("a", []) == page_image("a", []) != page_image("b", [])


@pytest.mark.parametrize("day", EDITIONS)
def test_no_two_areas_of_a_page_overlap(day: object) -> None:
    for page in EDITIONS[day].pages:  # type: ignore[index]
        alone = [rows_of(piece.polygon) for piece in page.pieces]
        for y in range(PAGE_HEIGHT):
            spans = sorted(span for rows in alone for span in rows.get(y, []))
            assert all(left[1] <= right[0] for left, right in pairwise(spans)), (page.code, y)


def rows_of(polygon: tuple[tuple[int, int], ...]) -> dict[int, list[tuple[int, int]]]:
    """The stretches of a right-angled polygon, by row."""
    rows = {}
    edges = list(pairwise([*polygon, polygon[0]]))
    for y in range(PAGE_HEIGHT):
        ends = sorted(x for (x, y1), (_, y2) in edges if min(y1, y2) <= y < max(y1, y2))
        if ends:
            rows[y] = list(zip(ends[::2], ends[1::2], strict=True))
    return rows


def test_the_pdf_finds_its_own_objects() -> None:
    pdf = empty_pdf()
    assert pdf.startswith(b"%PDF-1.4")
    table = int(pdf.split(b"startxref\n")[1].split()[0])
    assert pdf[table:].startswith(b"xref\n0 4\n")
    entries = pdf[table:].splitlines()[3:6]
    for number, entry in enumerate(entries, start=1):
        assert pdf[int(entry[:10]) :].startswith(b"%d 0 obj\n" % number)

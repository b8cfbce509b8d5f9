"""The newspaper's pictures and its printed page: drawn here, the same bytes every time."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from newscrawl.demo.edition import PAGE_HEIGHT, PAGE_WIDTH

GREY = 0
RGB = 2
"""Colour types of PNG, eight bits a sample."""

_WHITE, _LIGHT, _DARK, _BLACK = b"\xff", b"\xb8", b"\x60", b"\x10"
_MASTHEAD = range(12, 36)
_BARS = range(16, 32)
_BAR_PITCH = 19
_LINE_PITCH = 6
_MARGIN = 6

_CELL = 20
_CELLS = 6, 4

Polygon = Sequence[tuple[int, int]]


def png(width: int, rows: Sequence[bytes], colour: int) -> bytes:
    """A PNG file of the given rows of samples."""
    header = struct.pack(">IIBBBBB", width, len(rows), 8, colour, 0, 0, 0)
    pixels = b"".join(b"\0" + row for row in rows)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, data)
        for kind, data in (
            (b"IHDR", header),
            (b"IDAT", zlib.compress(pixels, 6)),
            (b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


def picture(name: str) -> bytes:
    """A small coloured mosaic, different for every name."""
    across, down = _CELLS
    colours = hashlib.shake_256(name.encode()).digest(3 * across * down)
    rows: list[bytes] = []
    for start in range(0, len(colours), 3 * across):
        cells = [colours[at : at + 3] for at in range(start, start + 3 * across, 3)]
        rows += [b"".join(cell * _CELL for cell in cells)] * _CELL
    return png(across * _CELL, rows, RGB)


def page_image(name: str, polygons: Iterable[Polygon]) -> bytes:
    """The printed page: a masthead with a bar code of its name, and a bordered box of grey lines
    for every article.
    """
    rows = [bytearray(_WHITE * PAGE_WIDTH) for _ in range(PAGE_HEIGHT)]
    for y in _MASTHEAD:
        _draw(rows[y], _MARGIN, PAGE_WIDTH - _MARGIN, _BLACK)
    for place, width in enumerate(hashlib.sha256(name.encode()).digest()):
        left = 2 * _MARGIN + place * _BAR_PITCH
        for y in _BARS:
            _draw(rows[y], left, left + 1 + width % (_BAR_PITCH - 2), _WHITE)
    for polygon in polygons:
        _draw_box(rows, polygon)
    return png(PAGE_WIDTH, [bytes(row) for row in rows], GREY)


def _draw_box(rows: list[bytearray], polygon: Polygon) -> None:
    top = min(y for _, y in polygon)
    bottom = max(y for _, y in polygon)
    for y in range(top, bottom):
        for left, right in _spans(polygon, y):
            if (y - top) % _LINE_PITCH < 2:
                _draw(rows[y], left + _MARGIN, right - _MARGIN, _LIGHT)
            _draw(rows[y], left, left + 1, _DARK)
            _draw(rows[y], right - 1, right, _DARK)
    for (x1, y1), (x2, y2) in _edges(polygon):
        if y1 == y2:
            _draw(rows[min(y1, PAGE_HEIGHT - 1)], min(x1, x2), max(x1, x2), _DARK)


def _draw(row: bytearray, left: int, right: int, shade: bytes) -> None:
    if left < right:
        row[left:right] = shade * (right - left)


def _edges(polygon: Polygon) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    return pairwise([*polygon, polygon[0]])


def _spans(polygon: Polygon, y: int) -> Iterator[tuple[int, int]]:
    """The stretches of row y inside the polygon, from the crossings of its edges."""
    crossings = sorted(
        x1 + (x2 - x1) * (y - y1) // (y2 - y1)
        for (x1, y1), (x2, y2) in _edges(polygon)
        if min(y1, y2) <= y < max(y1, y2)
    )
    return zip(crossings[::2], crossings[1::2], strict=True)

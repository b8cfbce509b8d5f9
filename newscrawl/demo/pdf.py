"""The PDF that every page links to: valid, one empty leaf, as small as it gets."""

from __future__ import annotations

from newscrawl.demo.edition import PAGE_HEIGHT, PAGE_WIDTH


def empty_pdf() -> bytes:
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]>>" % (PAGE_WIDTH, PAGE_HEIGHT),
    )
    body = b"%PDF-1.4\n"
    table = b"0000000000 65535 f \n"
    for number, content in enumerate(objects, start=1):
        table += b"%010d 00000 n \n" % len(body)
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    size = len(objects) + 1
    return body + b"xref\n0 %d\n%btrailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        size, table, size, len(body),
    )  # fmt: skip

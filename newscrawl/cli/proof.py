"""`newscrawl proof ID`: a file that proves a record to whoever has no newscrawl."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from newscrawl import durable, settings
from newscrawl.catalogue import versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.covered_captures import is_covered
from newscrawl.catalogue.withdrawn import TakenDown
from newscrawl.cli.show import newest_of
from newscrawl.errors import NewscrawlError
from newscrawl.ops.proving import prove
from newscrawl.terminal import number, printing

RECORD = "<urn:uuid:"
"""With which the id of a record begins."""


def proof(
    wanted: Annotated[
        str, typer.Argument(metavar="ID", help="An article's id, or that of a record.")
    ],
    version: Annotated[
        str, typer.Option(metavar="N", help="Which version of an article; without it the newest.")
    ] = "",
    output: Annotated[
        Path | None, typer.Option("-o", metavar="FILE", help="Write it there, else on stdout.")
    ] = None,
) -> None:
    """Prove what was captured, by a file that docs/proof.md says how to check without newscrawl."""
    home = settings.home()
    with closing(Catalogue.existing(home.catalogue)) as catalogue:
        text = prove(home, catalogue, _record(catalogue, wanted, version)).text
    if output is None:
        with printing():
            print(text, end="")
        return
    try:
        durable.replace(output, text)
    except OSError as error:
        raise NewscrawlError(f"{output}: cannot be written: {error.strerror}") from error
    print(f"{output}: {len(text):,} bytes; docs/proof.md says how it is checked", file=sys.stderr)


def _record(catalogue: Catalogue, wanted: str, version: str) -> str:
    """The record of an article's version, or the id of the record that is given itself.

    Raises NoSuchArticle, TakenDown.
    """
    with catalogue.read() as view:
        if not version and wanted.startswith(RECORD):
            if is_covered(view, wanted):
                raise TakenDown(f"{wanted}: taken down: see `newscrawl takedown --list`")
            return wanted
        newest_of(view, wanted)
        found = versions.of_article(view, wanted)
    n = number("--version", 1, found[-1].n)(version) if version else found[-1].n
    return next(each.article.record_id for each in found if each.n == n)

"""What is the Whoosh engine's own, beside what every engine has to do."""

from __future__ import annotations

import random

import pytest

from newscrawl.index.plan import All, Run, Some
from tests.index.kinds import engine
from tests.index.shelf import Shelf, generated, written

BODY = ("headline", "around", "body")
A_RUN, ANOTHER = Run(("临空",), False, BODY), Run(("手机",), False, BODY)


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    directory, kind = tmp_path_factory.mktemp("whoosh"), engine("whoosh")
    kind.create(directory)
    writer, shelf = kind.writer(directory), Shelf()
    written(writer, [shelf.add(each) for each in generated(60, random.Random(3))])
    writer.close()
    opened = kind.reader(directory)
    yield opened
    opened.close()


@pytest.mark.parametrize("depth", range(1, 33))
def test_brackets_deeper_than_sqlite_reads_are_answered(reader, depth):
    some, every = A_RUN, A_RUN
    for _ in range(depth):
        some, every = Some((ANOTHER, All((A_RUN, some)))), All((A_RUN, Some((ANOTHER, every))))
    either = reader.seqs(Some((A_RUN, ANOTHER))).tolist()
    assert reader.seqs(some).tolist() == either
    assert reader.seqs(every).tolist() == reader.seqs(A_RUN).tolist()

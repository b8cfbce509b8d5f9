"""What holds for every test."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from newscrawl.index import priority
from tests.fence import fence

FENCE = Path(fence.__file__).parent


@pytest.fixture(scope="session", autouse=True)
def _fenced():
    """No test, and no command that a test starts, reaches further than loopback."""
    fence.install()
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(FENCE), before)))
    yield
    if before is None:
        del os.environ["PYTHONPATH"]
    else:
        os.environ["PYTHONPATH"] = before


@pytest.fixture(scope="session", autouse=True)
def _in_front():
    """A command that a test calls as a function does not put all later tests behind others."""
    before, priority.BEHIND = priority.BEHIND, 0
    yield
    priority.BEHIND = before

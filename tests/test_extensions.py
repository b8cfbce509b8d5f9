from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest

from newscrawl.extensions import tell_failure


async def close(error):
    async def closing():
        if error is not None:
            raise error

    task = asyncio.ensure_future(closing())
    task.add_done_callback(tell_failure)
    await asyncio.wait([task])


@pytest.mark.parametrize("error", [OSError("disk full"), None])
def test_why_a_crawl_could_not_be_closed_is_logged(caplog, error):
    asyncio.run(close(error))
    assert ["disk full" in line for line in caplog.messages] == ([True] if error else [])


def test_a_run_is_judged_by_its_own_memory_and_not_by_that_of_who_started_it():
    """What begins a process leaves it, on Linux, its own peak."""
    program = (
        "import resource, sys\n"
        "from scrapy.utils.test import get_crawler\n"
        "from newscrawl.extensions import OwnMemory\n"
        "own = OwnMemory(get_crawler()).get_virtual_size()\n"
        "print(own < resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, own > 10 << 20)\n"
    )
    starter = (
        "import subprocess, sys\n"
        "bytearray(b'x') * (400 << 20)\n"
        "print(subprocess.run([sys.executable, '-c', sys.argv[1]], capture_output=True))\n"
    )
    command = [sys.executable, "-c", starter, program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "True True" in done.stdout, done

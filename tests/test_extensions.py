from __future__ import annotations

import asyncio

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

"""`make demo`: a newspaper of our own, served on loopback, collected and found again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import newscrawl
from newscrawl.demo.edition import load_edition
from newscrawl.demo.server import serve
from newscrawl.demo.site import Site
from newscrawl.errors import NewscrawlError, UsageError
from newscrawl.text.dates import today

SECONDS = 120
"""What a step may take."""
QUERIES = ("临空经济 营商环境", '"社区食堂" OR headline:彩票')
NEXT = """
Try for real (be polite: the contact in the User-Agent is yours to set):
  export NEWSCRAWL_CONTACT=mailto:you@example.org
  .venv/bin/scrapy crawl hangzhou_daily            today's edition of 杭州日报
  .venv/bin/newscrawl search '亚运 -广告' --sort newest
  .venv/bin/newscrawl schedule hangzhou_daily      crontab lines
What this demo collected: NEWSCRAWL_HOME={home}
"""


def main() -> int:
    """Run the demo; 0 when everything it shows works."""
    project = Path(newscrawl.__file__).parents[1]
    home = project / ".demo"
    _empty(home)
    day = today(datetime.now(UTC))
    site = Site({day: load_edition("first"), day - timedelta(days=1): load_edition("second")})
    site.publish_late()
    with serve(site) as server:
        environment = {
            **os.environ,
            "NEWSCRAWL_HOME": str(home),
            "NEWSCRAWL_ALLOW_PRIVATE": urlsplit(server.url).netloc,
            "NEWSCRAWL_DOWNLOAD_DELAY": "0",
            "NEWSCRAWL_AUTOTHROTTLE_ENABLED": "0",
        }
        crawl = ("-m", "scrapy", "crawl", "hangzhou_daily", "-a", f"site={server.url}")
        steps = [crawl, *(("-m", "newscrawl.search", query, "--limit", "3") for query in QUERIES)]
        for step in steps:
            status = _show(step, environment, project)
            if status:
                return status
    print(NEXT.format(home=home))
    return 0


def _empty(home: Path) -> None:
    """Remove what the last demo left, and nothing that is not a demo's."""
    mark = home / "this-is-the-demo"
    if home.exists() and not mark.exists():
        raise UsageError(f"{home}: not made by the demo: move it away")
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    mark.touch()


def _show(step: tuple[str, ...], environment: Mapping[str, str], project: Path) -> int:
    words = ("scrapy", *step[2:]) if step[1] == "scrapy" else ("newscrawl", "search", *step[2:])
    print("\n$ " + " ".join(f"'{word}'" if " " in word else word for word in words), flush=True)
    done = subprocess.run(
        [sys.executable, *step], env=environment, cwd=project, timeout=SECONDS, check=False
    )
    return done.returncode


if __name__ == "__main__":
    try:
        sys.exit(main())
    except NewscrawlError as error:
        print(error, file=sys.stderr)
        sys.exit(error.status)

"""`make demo`: a newspaper of our own, served on loopback, collected and found again."""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
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
SPIDER = "hangzhou_daily"
SHOWN = "A05/3"
"""Page and number of an article that is always there."""
QUERIES = ("临空经济 营商环境", '"社区食堂" OR headline:彩票')
NEXT = """
Look further at what was collected; the next demo begins with an empty home:
  NEWSCRAWL_HOME={home} {programs}/newscrawl show {article}
  NEWSCRAWL_HOME={home} {programs}/newscrawl search 地铁 --sort newest
  NEWSCRAWL_HOME={home} {programs}/newscrawl status

Try for real (be polite: the contact in the User-Agent is yours to set):
  export NEWSCRAWL_CONTACT=mailto:you@example.org
  {programs}/scrapy crawl hangzhou_daily            today's edition of 杭州日报
  {programs}/newscrawl search '亚运 -广告' --sort newest
  {programs}/newscrawl schedule hangzhou_daily      crontab lines"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo; 0 when everything it shows works."""
    project = Path(newscrawl.__file__).parents[1]
    home: Path = _parser(project).parse_args(arguments).home.absolute()
    _empty(home)
    day = today(datetime.now(UTC))
    site = Site({day: load_edition("first"), day - timedelta(days=1): load_edition("second")})
    site.publish_late()
    with serve(site) as server:
        # Its day is said: at midnight in Shanghai today's edition would be one that is not there.
        crawl = ("-m", "scrapy", "crawl", SPIDER, "-a", f"site={server.url}", "-a", f"date={day}")
        steps = [crawl, *(("-m", "newscrawl.search", query, "--limit", "3") for query in QUERIES)]
        for step in steps:
            status = _show(step, _environment(home, server.url), project)
            if status:
                return status
    programs = Path(sys.executable).parent
    if programs.is_relative_to(project):
        programs = programs.relative_to(project)
    said = NEXT.format(
        home=shlex.quote(str(home)),
        programs=shlex.quote(str(programs)),
        article=f"{SPIDER}/{day}/{SHOWN}",
    )
    print(said)
    return 0


def _parser(project: Path) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m newscrawl.demo", description=__doc__)
    parser.add_argument(
        "--home",
        type=Path,
        default=project / ".demo",
        metavar="FOLDER",
        help="emptied first, if a demo has made it; nothing else is (%(default)s)",
    )
    return parser


def _environment(home: Path, url: str) -> Mapping[str, str]:
    """Ours, and nothing of what the caller has set for newscrawl."""
    others = {name: text for name, text in os.environ.items() if not name.startswith("NEWSCRAWL_")}
    return {
        **others,
        "NEWSCRAWL_HOME": str(home),
        "NEWSCRAWL_ALLOW_PRIVATE": urlsplit(url).netloc,
        "NEWSCRAWL_DOWNLOAD_DELAY": "0",
        "NEWSCRAWL_AUTOTHROTTLE_ENABLED": "0",
    }


def _empty(home: Path) -> None:
    """Remove what the last demo left, and nothing that is not a demo's."""
    mark = home / "this-is-the-demo"
    if home.exists() and not mark.exists():
        raise UsageError(f"{home}: not made by the demo: move it away, or choose another --home")
    shutil.rmtree(home, ignore_errors=True)
    # An indexer of the last demo that still looks for work may have made its folder anew, with
    # nothing in it but a lock.
    home.mkdir(parents=True, exist_ok=True)
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

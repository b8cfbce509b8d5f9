"""Subscriptions as a person begins and looks after them."""

from __future__ import annotations

import io
import json
import re
from contextlib import closing
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from newscrawl import settings
from newscrawl.alerts import consent
from newscrawl.alerts.channels import others
from newscrawl.alerts.secrets import Secrets
from newscrawl.catalogue.connection import Catalogue
from newscrawl.cli import app, given
from newscrawl.errors import NewscrawlError, UsageError
from newscrawl.home import Home
from newscrawl.text.dates import SHANGHAI
from tests.alerts.channels.names import Resolver
from tests.alerts.channels.post import office, url
from tests.alerts.channels.sinks import answering, serving
from tests.alerts.sent import Told
from tests.crawls import Newsroom
from tests.makers import article, catalogue, indexed, record

CANARY = "canary-5b0c"
NTFY = f"ntfy://news.example/{CANARY}"
BARK = f"bark://news.example/{CANARY}"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home, catalogue = indexed(tmp_path_factory.mktemp("home"), [article(1)])
    catalogue.close()
    return home


@pytest.fixture
def run(home, monkeypatch, capsys):
    """Runs `newscrawl WORDS…` on a small home; its exit status, its output, what it said."""
    monkeypatch.setattr(settings, "home", lambda: home)
    monkeypatch.delenv("NEWSCRAWL_SECRET_KEY", raising=False)
    monkeypatch.setattr(others, "described", lambda _url: None)  # a process each time, tested there

    def run(*words):
        capsys.readouterr()  # what a refusal left
        status = app()(list(words), standalone_mode=False)
        said = capsys.readouterr()
        return status or 0, said.out, said.err

    run.said = capsys.readouterr
    yield run
    capsys.readouterr()
    for each in json.loads(run("subscriptions", "list", "--json")[1]):
        run("subscriptions", "remove", each["name"], "--person", each["person"])


def test_a_subscription_is_begun_shown_paused_resumed_and_removed(run):
    asked = ["（临空 AND 经济） OR 渡口", "-广告", "--to", NTFY, "--else", BARK, "--name", "临空"]
    more = ["--paper", "杭州日报", "--rhythm", "daily 7:30", "--quiet", "22:00-7:00"]
    status, out, err = run("subscribe", *asked, *more, "--language", "en")
    tried, *_, said = out.splitlines()
    assert (status, err) == (0, "")
    assert tried == "would not have fired in the last 30 days; 1 篇 of other days"
    told = "ntfy://news.example/…, else bark://news.example/…"
    assert said == f"临空: subscribed, daily 07:30, {told}"
    listed = run("subscriptions", "list")[1]
    assert listed == (
        "临空  临空 经济 OR 渡口 -广告 --paper 杭州日报\n"
        "  daily 07:30 · active · 0 matches · ntfy://news.example/…, else bark://news.example/…\n"
    )
    shown = run("subscriptions", "show", "临空")[1]
    assert shown.startswith(listed)
    assert "messages in English\n  quiet 22:00-07:00\n" in shown
    [each] = json.loads(run("subscriptions", "list", "--json")[1])
    assert each == json.loads(run("subscriptions", "show", "临空", "--json")[1])
    assert (each["person"], each["matches"], each["quiet"]) == ("me", 0, "22:00-07:00")
    assert [(one["shown"], one["fallback"]) for one in each["addresses"]] == [
        ("ntfy://news.example/…", False),
        ("bark://news.example/…", True),
    ]
    assert run("subscriptions", "pause", "临空")[1] == "临空: paused\n"
    assert "· paused ·" in run("subscriptions", "list")[1]
    assert run("subscriptions", "resume", "临空")[1] == "临空: active\n"
    assert run("subscriptions", "remove", "临空")[1] == "临空: removed\n"
    status, out, err = run("subscriptions", "list")
    assert (status, out) == (0, "")
    assert err.startswith("no subscriptions: ")


def test_two_people_are_told_apart(run):
    run("subscribe", "渡口", "--name", "渡口", "--to", NTFY)
    run("subscribe", "渡口", "--name", "渡口", "--to", NTFY, "--person", "林")
    assert "渡口  林  渡口\n" in run("subscriptions", "list")[1]
    mine = json.loads(run("subscriptions", "list", "--person", "林", "--json")[1])
    assert [each["person"] for each in mine] == ["林"]
    with pytest.raises(NewscrawlError, match="nobody"):
        run("subscriptions", "list", "--person", "nobody")


@pytest.mark.parametrize("command", ["show", "feed", "pause", "remove", "test", "secret"])
def test_a_subscription_of_another_is_said_to_be_theirs(run, command):
    run("subscribe", "渡口", "--name", "渡口", "--person", "林")
    run("subscribe", "临空", "--name", "临空")
    theirs = "林 has one called 渡口: --person 林"
    for whose, said in (
        ((), f"渡口: no subscription of this name; {theirs}"),
        (("--person", "nobody"), f"nobody: nobody of this name has subscribed; {theirs}"),
    ):
        with pytest.raises(NewscrawlError) as refusal:
            run("subscriptions", command, "渡口", *whose)
        assert str(refusal.value) == said
        assert refusal.value.status == 1
    run("subscribe", "渡口", "--name", "渡口", "--person", "王")
    with pytest.raises(NewscrawlError, match="林, 王 have one called 渡口: --person NAME"):
        run("subscriptions", command, "渡口")
    with pytest.raises(NewscrawlError, match="`newscrawl subscriptions list` shows"):
        run("subscriptions", command, "没有的")


def test_a_saved_search_becomes_a_subscription(run):
    run("search", "渡口", "--paper", "杭州日报", "--save", "渡口")
    run("subscribe", "--saved", "渡口", "--name", "复航", "--to", NTFY)
    [each] = json.loads(run("subscriptions", "list", "--json")[1])
    assert (each["query"], each["papers"]) == ("渡口", ["杭州日报"])


def test_before_it_is_begun_it_is_compared_with_the_others_of_the_person(run, monkeypatch):
    compared = []
    tried = given.tried

    def noted(proposal, others):
        compared.append([each.name for each in others])
        return tried(proposal, others)

    monkeypatch.setattr(given, "tried", noted)
    for name, person in (("渡口", "me"), ("码头", "me"), ("渡口", "you")):
        run("subscribe", "渡口", "--name", name, "--person", person)
    run("subscriptions", "edit", "渡口", "--query", "渡口 通航")
    assert compared == [[], ["渡口"], [], ["码头"]]


def test_a_name_that_is_taken_is_refused_before_anything_is_tried(run):
    for person, option in (("me", ""), ("林", " --person 林")):
        whose = ("--person", person)
        run("subscribe", "临空", "--name", "临空", *whose)
        run("subscribe", "渡口", "--name", "渡口", *whose)
        for words in (
            ("subscribe", "码头", "--name", "临空", *whose),
            ("subscriptions", "edit", "渡口", "--query", "码头", "--name", "临空", *whose),
        ):
            with pytest.raises(NewscrawlError) as refusal:
                run(*words)
            assert str(refusal.value) == (
                f"临空: this name is taken: `newscrawl subscriptions edit 临空{option}` changes "
                f"what it is, `newscrawl subscriptions remove 临空{option}` ends it; "
                "or choose another"
            )
            assert run.said() == ("", "")
    again = ("subscriptions", "edit", "渡口", "--query", "码头", "--name", "渡口")
    assert run(*again)[0] == 0, "its own name"


def test_a_subscription_is_changed(run):
    run("subscribe", "临空经济", "--name", "临空", "--to", NTFY, "--else", BARK)
    change = ("--query", "渡口  -广告", "--paper", "杭州日报", "--rhythm", "daily 7:30")
    status, out, err = run("subscriptions", "edit", "临空", *change, "--name", "渡口")
    assert (status, err) == (0, "")
    tried, *rest = out.splitlines()
    assert tried == "would not have fired in the last 30 days; 1 篇 of other days"
    said = "\n".join(rest[rest.index("临空: changed") :])
    assert said.startswith(
        "临空: changed\n渡口  渡口 -广告 --paper 杭州日报\n"
        "  daily 07:30 · active · 0 matches · ntfy://news.example/…, else bark://news.example/…\n"
    )
    status, out, err = run("subscriptions", "edit", "渡口", "--to", BARK, "--else", "none")
    assert (status, err) == (0, "")
    assert "would " not in out, "its query is the same"
    assert "0 matches · bark://news.example/…\n" in out
    out = run("subscriptions", "edit", "渡口", "--paper", "all", "--to", "none", "--json")[1]
    data = json.loads(out)
    assert data["backtest"]["query"] == "渡口 -广告"
    del data["backtest"]
    assert data == json.loads(run("subscriptions", "show", "渡口", "--json")[1])
    assert (data["papers"], data["addresses"], data["rhythm"]) == ([], [], "daily 07:30")
    renamed = json.loads(run("subscriptions", "edit", "渡口", "--name", "一", "--json")[1])
    assert (renamed["name"], renamed["backtest"]) == ("一", None)


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        (["渡口"], 2, "渡口: nothing to change"),
        (["没有的", "--query", "渡口"], 1, "没有的: no subscription of this name"),
        (["渡口", "--query", "（渡口"], 2, "cannot read the query at character"),
        (["渡口", "--name", "码头"], 2, "码头: this name is taken"),
        (["渡口", "--paper", "nosuch"], 2, "paper nosuch: nothing was collected"),
        (["渡口", "--rhythm", "weekly"], 2, "rhythm 'weekly': must be at once"),
        (["渡口", "--to", CANARY], 2, "an address is a URL of a channel"),
        (["渡口", "--else", NTFY], 2, "there is no first"),
        (["渡口", "--person", "a", "--name", "二"], 1, "a: nobody of this name"),
    ],
)
def test_what_cannot_be_changed_is_said_and_nothing_is(run, given, status, said):
    for name in ("渡口", "码头"):
        run("subscribe", "渡口", "--name", name)
    before = run("subscriptions", "list", "--json")
    with pytest.raises(NewscrawlError) as refusal:
        run("subscriptions", "edit", *given)
    assert said in str(refusal.value)
    assert refusal.value.status == status
    assert CANARY not in str(refusal.value)
    assert run("subscriptions", "list", "--json") == before


def test_when_and_how_a_person_is_told_is_changed(run):
    run("subscribe", "渡口", "--name", "渡口", "--person", "林")
    ask = ("subscriptions", "person", "--person", "林")
    assert run(*ask) == (0, "林\n  messages in Chinese\n", "")
    given = ("--quiet", "22:00-7:00", "--language", "en")
    assert run(*ask, *given)[1] == "林\n  messages in English\n  quiet 22:00-07:00\n"
    data = json.loads(run(*ask, "--quiet", "none", "--json")[1])
    assert data == {"person": "林", "language": "en", "quiet": None}
    for wrong in (("--quiet", "22-7"), ("--language", "fr"), ("--person", "nobody")):
        with pytest.raises(NewscrawlError):
            run(*ask, *wrong)
    assert json.loads(run(*ask, "--json")[1]) == data


@pytest.mark.parametrize(
    ("given", "command"),
    [
        (("--quiet", "22:00-07:00"), "--quiet 22:00-07:00"),
        (
            ("--person", "老 王", "--language", "en", "--quiet", "none", "--rhythm", "hourly"),
            "--person '老 王' --quiet none --language en",
        ),
    ],
)
def test_what_holds_for_a_person_is_not_edited_and_the_command_for_it_is_named(run, given, command):
    with pytest.raises(UsageError) as refused:
        run("subscriptions", "edit", "渡口", *given)
    assert f"{refused.value}".endswith(f"`newscrawl subscriptions person {command}`")
    assert "--quiet" not in run("subscriptions", "edit", "--help")[1]
    assert "subscriptions person" in " ".join(run("subscriptions", "edit", "--help")[1].split())


def test_before_it_is_saved_the_newest_hits_are_shown(run, monkeypatch, tmp_path):
    today = datetime.now(SHANGHAI).date().isoformat()
    heads = ("渡口复航", "渡口路修缮", "渡口添班")
    said = [
        article(n, headline=head, paragraphs=[f"{head}。"], edition=today)
        for n, head in enumerate(heads, 1)
    ]
    recent, catalogue = indexed(tmp_path / "recent", said)
    catalogue.close()
    monkeypatch.setattr(settings, "home", lambda: recent)
    lines = run("subscribe", "渡口", "--name", "渡口", "--to", NTFY)[1].splitlines()
    assert all(any(head in line for line in lines) for head in heads)
    assert any(line.startswith("would have fired 3 times") for line in lines)
    assert lines[-1].startswith("渡口: subscribed")


def test_without_an_address_there_is_the_feed(run):
    said = run("subscribe", "渡口", "--name", "渡口")[1]
    assert "\n渡口: subscribed, at once, its feed only\n" in said
    assert "feed only" in run("subscriptions", "list")[1]


def test_an_e_mail_address_is_asked_and_used_once_it_is_confirmed(run, home, monkeypatch):
    monkeypatch.setattr(settings, "PUBLIC_URL", "https://news.example")
    with office() as post:
        monkeypatch.setattr(settings, "ALERTS_ALLOW_PRIVATE", f"localhost:{post.port}")
        given = url(post.port).replace("reader", CANARY)
        asked = ("subscribe", "渡口", "--name", "渡口", "--to", given, "--language", "zh")
        status, out, err = run(*asked)
        assert (status, err) == (0, "")
        said = "c…@b.example: is used once it is confirmed: a letter asks for it\n"
        assert out.endswith(said)
        assert "c…@b.example (to be confirmed)" in run("subscriptions", "list")[1]
        assert run("subscriptions", "ask")[1] == said
        first, second = (link(post.letter(number)) for number in (0, 1))
    assert post.got[0].rcpt_tos == [f"{CANARY}@b.example"]
    assert CANARY not in out + err
    with closing(Catalogue.open(home.catalogue)) as catalogue, catalogue.write() as tx:
        assert consent.confirm(tx, first, datetime.now(UTC)) is None
        assert consent.confirm(tx, second, datetime.now(UTC)).address.state == "confirmed"
    assert "to be confirmed" not in run("subscriptions", "list")[1]


@pytest.mark.parametrize(("scheme", "said"), [("http", True), ("https", False)])
def test_that_no_mail_program_unsubscribes_at_pages_without_tls_is_said(
    run, monkeypatch, scheme, said
):
    monkeypatch.setattr(settings, "PUBLIC_URL", f"{scheme}://news.example")
    with office() as post:
        monkeypatch.setattr(settings, "ALERTS_ALLOW_PRIVATE", f"localhost:{post.port}")
        err = run("subscribe", "渡口", "--name", "渡口", "--to", url(post.port))[2]
    assert err.startswith("NEWSCRAWL_PUBLIC_URL=http://news.example: mail programs unsub") == said
    assert run("subscribe", "渡口", "--name", "二", "--to", "json://hooks.example/a")[2] == ""


def test_d9_somebody_whose_address_another_has_typed_gets_one_letter_and_nothing_else(
    run, home, monkeypatch
):
    monkeypatch.setattr(settings, "PUBLIC_URL", "https://news.example")
    with office() as post:
        monkeypatch.setattr(settings, "ALERTS_ALLOW_PRIVATE", f"localhost:{post.port}")
        given = url(post.port)
        for name in ("spam-1", "spam-2"):
            asked = ("subscribe", "渡口 OR spam", "--name", name, "--to", given)
            assert run(*asked, "--person", "buy-spam")[0] == 0
        with closing(Catalogue.open(home.catalogue)) as catalogue:
            record(catalogue, article(2))
            Told(catalogue, Secrets.of("", home.secret_key)).match()
        assert run("deliver")[1] == "0 sent, 0 put off, 0 dead\n"
    [envelope] = post.got
    assert link(post.letter())
    assert b"spam" not in envelope.content
    assert "spam" not in post.letter().get_content()


def link(letter):
    """The secret of the link in a letter."""
    assert letter["Subject"] == "请确认用这个邮箱接收新闻提醒"
    return re.search(r"https://news\.example/confirm/([\w-]+)\s", letter.get_content())[1]


def test_an_e_mail_address_that_cannot_be_asked_is_told_of(run, monkeypatch):
    monkeypatch.setattr(settings, "PUBLIC_URL", "https://news.example")
    with office(DATA="550 no") as post:
        monkeypatch.setattr(settings, "ALERTS_ALLOW_PRIVATE", f"localhost:{post.port}")
        given = url(post.port)
        status, _out, err = run("subscribe", "渡口", "--name", "渡口", "--to", given)
    assert status == 1
    assert err == (
        "r…@b.example: could not be asked: answered 550 to the message; "
        "`newscrawl subscriptions ask` tries again\n"
    )


def test_an_address_is_forgotten(run, monkeypatch):
    run("subscribe", "渡口", "--name", "渡口", "--to", NTFY, "--else", BARK, "--person", "王")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{NTFY}\n"))
    status, out, err = run("subscriptions", "forget", "-", "--person", "王")
    assert (status, out, err) == (0, "ntfy://news.example/…: forgotten\n", "")
    assert "0 matches · bark://news.example/…\n" in run("subscriptions", "list")[1]
    out = run("subscriptions", "forget", "bark://news.example/…", "--person", "王")[1]
    assert out == "bark://news.example/…: forgotten\n渡口: its feed only\n"
    with pytest.raises(UsageError, match="王: has no such address; there are: none") as refused:
        run("subscriptions", "forget", BARK, "--person", "王")
    assert CANARY not in str(refused.value)


def test_an_address_may_be_read_from_standard_input(run, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{NTFY}\n{BARK}\n"))
    asked = ("subscribe", "渡口", "--name", "渡口", "--to", "-", "--else", "-")
    assert run(*asked)[1].endswith("ntfy://news.example/…, else bark://news.example/…\n")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["渡口", "--to", NTFY], "--name NAME is missing"),
        (["渡口", "--name", "渡 口"], "name '渡 口'"),
        (["（渡口", "--name", "渡口"], "cannot read the query at character"),
        (["渡口", "--colour", "red", "--name", "渡口"], "--colour: no such option"),
        (["渡口", "--name", "渡口", "--paper", "nosuch"], "paper nosuch: nothing was collected"),
        (["渡口", "--name", "渡口", "--rhythm", "weekly"], "rhythm 'weekly': must be at once"),
        (["渡口", "--name", "渡口", "--quiet", "22-7"], "quiet hours: '22' is not a time"),
        (["渡口", "--name", "渡口", "--language", "fr"], "--language fr: zh or en"),
        (["渡口", "--name", "渡口", "--to", CANARY], "an address is a URL of a channel"),
        (
            ["渡口", "--name", "渡口", "--to", f"mailto://{CANARY}@a.example"],
            "mailto://a.example/…",
        ),
        (["--saved", "没有的", "--name", "渡口"], "没有的: no search of this name"),
        (["渡口", "--saved", "没有的", "--name", "渡口"], "--saved 没有的: has its own query"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_kept(run, given, said):
    with pytest.raises(NewscrawlError) as refusal:
        run("subscribe", *given)
    assert said in str(refusal.value)
    assert CANARY not in str(refusal.value)
    assert run("subscriptions", "list")[:2] == (0, "")


@pytest.mark.parametrize("command", ["show", "pause", "resume", "remove"])
def test_what_is_not_there_is_said_so(run, command):
    run("subscribe", "渡口", "--name", "渡口")
    with pytest.raises(NewscrawlError, match="没有的: no subscription of this name"):
        run("subscriptions", command, "没有的")


def test_j6_an_address_is_in_nothing_that_is_said_and_in_no_byte_that_is_kept(tmp_path):
    home, catalogue = indexed(tmp_path, [article(1)])
    catalogue.close()
    key = f"{CANARY}-key-of-the-environment-0123456789"
    room = Newsroom(home.root, {"NEWSCRAWL_SECRET_KEY": key})
    begin = ("newscrawl", "subscribe", "渡口", "--name", "渡口", "--to")
    said = [
        room.run(*begin, NTFY),
        room.run(*begin, BARK),  # the name is taken
        room.run(*begin, f"mailto://{CANARY}@post.example"),
        room.run(*begin, f"ntfy://{CANARY} /"),
        room.run("newscrawl", "subscriptions", "list"),
        room.run("newscrawl", "subscriptions", "list", "--json"),
        room.run("newscrawl", "schedule"),
        room.run("scrapy", "settings", "--get", "SECRET_KEY"),
    ]
    assert [each.returncode for each in said] == [0, 2, 2, 2, 0, 0, 0, 0]
    assert [each.args for each in said if re.search(CANARY, each.stdout + each.stderr)] == []
    files = [path for path in home.root.rglob("*") if path.is_file()]
    assert home.catalogue in files
    assert [path for path in files if CANARY.encode() in path.read_bytes()] == []


def test_an_address_is_reached_by_a_test_message(run, monkeypatch):
    with serving(answering()) as good, serving(answering("410 Gone")) as gone:
        ports = f"127.0.0.1:{good.port},127.0.0.1:{gone.port}"
        monkeypatch.setattr(settings, "ALERTS_ALLOW_PRIVATE", ports)
        to = ("--to", f"json://127.0.0.1:{good.port}/a", "--to", f"json://127.0.0.1:{gone.port}/b")
        run("subscribe", "渡口", "--name", "渡口", *to)
        status, out, err = run("subscriptions", "test", "渡口")
    assert (status, out) == (1, "json://127.0.0.1/…: sent\n")
    assert re.fullmatch(r"json://127.0.0.1/… #[0-9a-f]{4}: not sent: answered 410\n", err)
    assert len(good.got) == 1
    assert b"\r\nNewscrawl-Signature: sha256=" in good.got[0]
    run("subscribe", "码头", "--name", "码头")
    assert run("subscriptions", "test", "码头")[::2] == (
        1,
        "码头: no address, it has its feed only\n",
    )


def test_a_test_message_by_e_mail_can_be_unsubscribed_from(run, home, monkeypatch):
    monkeypatch.setattr(settings, "PUBLIC_URL", "https://news.example")
    with office() as post:
        monkeypatch.setattr(settings, "ALERTS_ALLOW_PRIVATE", f"localhost:{post.port}")
        run("subscribe", "渡口", "--name", "渡口", "--to", url(post.port), "--person", "test")
        assert run("subscriptions", "test", "渡口", "--person", "test") == (
            1,
            "",
            (
                "r…@b.example: not sent: to be confirmed by whoever reads there; "
                "`newscrawl subscriptions ask` asks again\n"
            ),
        )
        with closing(Catalogue.open(home.catalogue)) as catalogue, catalogue.write() as tx:
            assert consent.confirm(tx, link(post.letter()), datetime.now(UTC))
        assert run("subscriptions", "test", "渡口", "--person", "test")[0] == 0
        assert re.search(
            r"<https://news\.example/u/[\w-]{20,}>", post.letter(1)["List-Unsubscribe"]
        )
        monkeypatch.setattr(settings, "PUBLIC_URL", "")
        status, _out, err = run("subscriptions", "test", "渡口", "--person", "test")
        assert (status, len(post.got)) == (1, 2)
        assert "not sent: e-mail needs NEWSCRAWL_PUBLIC_URL" in err


@pytest.mark.parametrize("option", ["--to", "--else"])
def test_an_address_that_would_be_refused_is_refused_at_once(run, option):
    run("subscribe", "渡口", "--name", "渡口", "--to", NTFY)
    before = run("subscriptions", "list", "--json")
    first = () if option == "--to" else ("--to", NTFY)
    for words in (
        ("subscribe", "码头", "--name", "码头", *first),
        ("subscriptions", "edit", "渡口"),
    ):
        with pytest.raises(NewscrawlError) as refusal:
            run(*words, option, f"json://127.0.0.1:9999/{CANARY}")
        assert str(refusal.value) == (
            "json://127.0.0.1/…: a private address; list 127.0.0.1:9999 in "
            "NEWSCRAWL_ALERTS_ALLOW_PRIVATE if it may be told"
        )
        assert refusal.value.status == 2
    assert run("subscriptions", "list", "--json") == before


def test_a_private_address_that_is_allowed_is_kept_without_a_word(run, monkeypatch):
    monkeypatch.setattr(settings, "ALERTS_ALLOW_PRIVATE", "127.0.0.1:9999")
    mine = ("--name", "渡口", "--person", "林")
    assert run("subscribe", "渡口", *mine, "--to", "json://127.0.0.1:9999/a")[::2] == (0, "")
    with pytest.raises(NewscrawlError, match="list 127\\.0\\.0\\.1:9998 in"):
        run("subscriptions", "edit", *mine[1:], "--to", "json://127.0.0.1:9998/a")


def test_a_name_that_leads_to_a_private_address_now_is_kept_and_warned_of(run, monkeypatch):
    resolver = Resolver(monkeypatch)
    resolver.knows("nas.example", ["192.168.1.5"])
    to = f"json://nas.example:9999/{CANARY}"
    said = (
        "json://nas.example/…: leads to a private address now, where messages are refused; "
        "list nas.example:9999 in NEWSCRAWL_ALERTS_ALLOW_PRIVATE if it may be told\n"
    )
    mine = ("--name", "渡口", "--person", "林")
    assert run("subscribe", "渡口", *mine, "--to", to)[::2] == (0, said)
    assert run("subscriptions", "edit", *mine[1:], "--to", to)[::2] == (0, said)
    unknown = ("--to", "json://nosuch.example/a")
    assert run("subscriptions", "edit", *mine[1:], *unknown)[::2] == (0, "")


def test_what_cannot_be_read_says_so(run, home):
    run("subscribe", "渡口", "--name", "渡口")
    with closing(Catalogue.open(home.catalogue)) as catalogue, catalogue.write() as tx:
        tx.execute(text("UPDATE subscriptions SET query = '(渡口' WHERE name = '渡口'"))
    for words in (("list",), ("show", "渡口")):
        said = run("subscriptions", *words)[1]
        assert "\n  ! passed over, its query cannot be read: this parenthesis" in said
        assert "`newscrawl subscriptions remove '渡口' --person me`" in said
    [each] = json.loads(run("subscriptions", "list", "--json")[1])
    assert each["fault"] == "this parenthesis is not closed"


def test_papers_that_are_damaged_are_named_and_looked_after(run, home):
    def damage():
        with closing(Catalogue.open(home.catalogue)) as made, made.write() as tx:
            tx.execute(text("UPDATE subscriptions SET papers = '[\"x' WHERE name = '渡口'"))

    run("subscribe", "渡口", "--name", "渡口", "--paper", "杭州日报")
    run("subscribe", "临空", "--name", "临空")
    damage()
    said = "  ! passed over, its query cannot be read: the papers that it is narrowed to"
    for words in (("list",), ("show", "渡口"), ("edit", "渡口", "--rhythm", "hourly")):
        assert said in run("subscriptions", *words)[1]
    _, broken = json.loads(run("subscriptions", "list", "--json")[1])
    assert (broken["name"], broken["papers"], broken["rhythm"]) == ("渡口", None, "hourly")
    for words in (("pause", "渡口"), ("resume", "渡口")):
        assert run("subscriptions", *words)[0] == 0
    assert run("subscribe", "渡口 OR 临空", "--name", "三")[0] == 0
    status, out, err = run("subscriptions", "edit", "渡口", "--query", "复航")
    assert (status, err.startswith("not tried on what is held: the papers")) == (0, True)
    assert said in out
    assert said not in run("subscriptions", "edit", "渡口", "--paper", "杭州日报")[1]
    damage()
    assert run("subscriptions", "remove", "渡口") == (0, "渡口: removed\n", "")


def test_d9_the_secret_of_a_webhook_is_shown_where_it_is_asked_for_and_nowhere_else(run, home):
    hooks = ("--to", "json://hooks.example/a", "--else", "https://hooks.example/b", "--to", NTFY)
    run("subscribe", "渡口", "--name", "渡口", *hooks)
    status, out, err = run("subscriptions", "secret", "渡口")
    assert (status, err) == (0, "")
    told = re.findall(r"^(json|https)://hooks.example/…: ([0-9a-f]{32})$", out, re.MULTILINE)
    assert [scheme for scheme, _secret in told] == ["json", "https"]
    assert len({secret for _scheme, secret in told}) == len(out.splitlines()) == 2
    assert run("subscriptions", "secret", "渡口")[1] == out
    for words in (["list"], ["list", "--json"], ["show", "渡口"], ["show", "渡口", "--json"]):
        said = "".join(map(str, run("subscriptions", *words)))
        assert not any(secret in said for _scheme, secret in told)
    kept = b"".join(each.read_bytes() for each in home.root.rglob("*") if each.is_file())
    assert not any(secret.encode() in kept for _scheme, secret in told)


def test_d9_without_a_webhook_or_with_another_key_no_secret_is_shown(run, monkeypatch):
    run("subscribe", "渡口", "--name", "渡口", "--to", NTFY)
    status, out, err = run("subscriptions", "secret", "渡口")
    assert (status, out) == (1, "")
    assert err.startswith("渡口: no webhook")
    run("subscribe", "码头", "--name", "码头", "--to", "json://hooks.example/a")
    monkeypatch.setenv("NEWSCRAWL_SECRET_KEY", "f" * 64)
    with pytest.raises(NewscrawlError, match="not the key"):
        run("subscriptions", "secret", "码头")
    monkeypatch.delenv("NEWSCRAWL_SECRET_KEY")


def test_who_subscribes_before_anything_is_collected_is_told_of_the_first_edition(
    run, tmp_path, monkeypatch
):
    empty = Home(tmp_path / "new")
    with monkeypatch.context() as there, serving(answering()) as sink:
        there.setattr(settings, "home", lambda: empty)
        there.setattr(settings, "ALERTS_ALLOW_PRIVATE", f"127.0.0.1:{sink.port}")
        none = (0, "", "no subscriptions: `newscrawl subscribe QUERY` begins one\n")
        assert run("subscriptions", "list") == none
        assert run("subscriptions", "list", "--json")[:2] == (0, "[]\n")
        with pytest.raises(NewscrawlError, match="no subscriptions: "):
            run("subscriptions", "person")
        asked = ("subscribe", "渡口", "--name", "渡口")
        mail = "mailto://post.example/?from=a@b.example&to=c@d.example"
        wrongs = (
            ("--to", "canary"),
            ("--to", mail),
            ("--name", "渡\n口"),
            ("--rhythm", "x"),
            ("--person", "渡 口"),
        )
        for wrong in wrongs:
            with pytest.raises(UsageError):
                run(*asked, *wrong)
        with pytest.raises(NewscrawlError):
            run("subscribe", "(渡口", "--name", "渡口")
        assert not empty.root.exists(), "nothing is made for what is refused, or asks"
        status, out, err = run(*asked, "--to", f"json://127.0.0.1:{sink.port}")
        assert (status, out) == (0, "渡口: subscribed, at once, json://127.0.0.1/…\n")
        assert err == "not tried: nothing is collected yet that it could be tried on\n"
        assert run("subscriptions", "person")[0] == 0
        with closing(catalogue(empty.catalogue)) as opened:
            record(opened, article(1))
            Told(opened, Secrets.of("", empty.secret_key)).match()
        assert run("deliver")[1] == "1 sent, 0 put off, 0 dead\n"


@pytest.mark.parametrize("paper", ["杭州日报", "hangzhou_daily"])
def test_a_paper_of_which_nothing_is_collected_yet_is_one_that_there_is_a_spider_for(
    run, tmp_path, monkeypatch, paper
):
    empty = Home(tmp_path / "new")
    with monkeypatch.context() as there:
        there.setattr(settings, "home", lambda: empty)
        asked = ("subscribe", "渡口", "--paper", paper, "--name", "渡口")
        status, out, err = run(*asked)
        assert (status, out.splitlines()[0]) == (0, "渡口: subscribed, at once, its feed only")
        assert err == "not tried: nothing is collected yet that it could be tried on\n"
        said = "paper nosuch: nothing was collected of it, and there is no spider for it; there are"
        with pytest.raises(UsageError, match=said):
            run("subscriptions", "edit", "渡口", "--paper", "nosuch")
        titles = {"hangzhou_daily": "杭州日报", "metro_express": "都市快报"}
        with closing(catalogue(empty.catalogue, titles)) as opened:
            record(opened, article(1), article(2, paper="metro_express", url="https://e.com/2"))
            Told(opened, Secrets.of("", empty.secret_key)).match()
        [each] = json.loads(run("subscriptions", "list", "--json")[1])
        assert (each["papers"], each["matches"]) == ([paper], 1)


def test_it_is_tried_on_those_of_its_papers_of_which_something_is_collected(run):
    asked = ("subscribe", "渡口", "--name", "渡口", "--paper", "都市快报")
    status, _out, err = run(*asked, "--paper", "杭州日报")
    assert (status, err) == (0, "")
    run("subscriptions", "remove", "渡口")
    status, _out, err = run(*asked)
    assert (status, err) == (
        0,
        "not tried: nothing is collected yet that it could be tried on\n",
    )

"""What our pages say, in each language."""

from __future__ import annotations

from dataclasses import dataclass

from newscrawl.alerts.feeds import Language
from newscrawl.catalogue.sightings import Standing
from newscrawl.catalogue.withdrawn import Scope
from newscrawl.text.changes import Kind


@dataclass(frozen=True, slots=True)
class Words:
    """Every text of every page, once."""

    site: str
    other_code: Language
    other_name: str
    error: str
    errors: dict[int, str]
    """By status."""
    about: str
    reached: str
    places: dict[str, str]
    """What can be opened: by its path, with the words in capitals that stand for something."""
    snapshot_of: str
    no_headline: str
    story: str
    """With `{}` for how many articles; likewise where something else is counted."""
    first: str
    reprint: str
    seen: str
    source: str
    compare: str
    compared: str
    changes: dict[Kind, str]
    unchanged: str
    not_compared: str
    more_changes: str
    more_articles: str
    alone: str
    older_text: str
    newest_text: str
    flagged: str
    picture: str
    taken: str
    beijing_time: str
    original: str
    no_original: str
    there: str
    there_states: dict[Standing, str]
    """With `{}` for when that was seen."""
    digest: str
    version: str
    article_id: str
    citation: str
    collected: str
    imported: str
    reading: str
    disclaimer: str
    not_affiliated: str
    takedown: str
    taken_down: str
    taken_down_since: str
    scopes: dict[Scope, str]
    """What is said of what is taken down."""
    person: str
    address: str
    subscription: str
    query: str
    confirm: str
    confirm_asked: str
    confirm_not_asked: str
    confirmed: str
    unsubscribe: str
    unsubscribe_asked: str
    unsubscribed: str


WORDING: dict[Language, Words] = {
    "zh": Words(
        site="报纸快照与订阅",
        other_code="en",
        other_name="English",
        error="没有可以显示的内容。",
        errors={
            404: "这里没有内容：链接不完整、已失效，或从未有过。",
            405: "这个地址不接受这样的请求。",
            410: "这个订阅已取消，不再提供内容。",
            500: "出错了。请稍后再试；问题已记录。",
        },
        about="newscrawl 保存报纸的快照；订阅的内容一见报，就通知订阅者。",
        reached="这里没有目录：各页由消息和订阅源里的链接打开。",
        places={
            "/s/ARTICLE": "一篇文章的快照，只有文字",
            "/story/ARTICLE": "同一报道的转载删去、改动、增加了什么",
            "/feed/SECRET.atom": "一个订阅的 Atom 订阅源",
            "/feed/SECRET.json": "一个订阅的 JSON 订阅源",
            "/confirm/SECRET": "确认一个地址",
            "/u/SECRET": "退订",
        },
        snapshot_of="资讯快照：",
        no_headline="（无标题）",
        story="同一篇报道，共 {} 篇",
        first="首发",
        reprint="转载",
        seen="首次见到",
        source="来源",
        compare="各报删改了什么",
        compared="转载与首发逐句比较，标点和版式不计。",
        changes={"删去": "删去", "增加": "增加", "改为": "改动"},
        unchanged="正文无改动",
        not_compared="未比较：篇幅过长，或同时要比较的太多。",
        more_changes="另有 {} 处改动",
        more_articles="另有 {} 篇未列出",
        alone="没有转载。",
        older_text="这篇文章后来改过，这里是较早的文字。",
        newest_text="查看最新的文字",
        flagged="有少量字符无法识别，或有内容因过长而略去。",
        picture="图",
        taken="快照生成时间",
        beijing_time="北京时间",
        original="信息原文地址",
        no_original="无",
        there="原文现状",
        there_states={
            "unknown": "{} 收录后没有复查过",
            "answers": "{} 复查时仍在",
            "moved": "{} 复查时仍在，已移到别的版面",
            "perhaps gone": "{} 复查时没有找到，待再次确认",
            "gone": "已撤下，最近一次没有找到是 {}",
        },
        digest="快照摘要",
        version="版本",
        article_id="编号",
        citation="引用格式（GB/T 7714）",
        collected="以上为资讯信息快照，由 newscrawl 自动采集并收录。",
        imported="以上为资讯信息快照，由本站运营者导入，不是从原网站采集的。",
        reading="所示文字由快照读出，空白与换行经过整理，图片与版式未予显示；快照本身按原样保存。",
        disclaimer="本站未改动信息内容，信息内容不代表本站立场。",
        not_affiliated="本站与上述报纸及其网站无隶属或合作关系。",
        takedown="如有侵权，请联系本站运营者删除。",
        taken_down="这篇文章已下架",
        taken_down_since="下架时间",
        scopes={
            "hide": "这里的内容已下架，不再显示。",
            "redact": "这篇文章的正文已撤下，只保留标题、版面、时间和摘要。",
            "erase": "这里的内容已永久删除，本站不再保留。",
        },
        person="订阅人",
        address="地址",
        subscription="订阅",
        query="查询",
        confirm="确认",
        confirm_asked="请确认这个地址是您的，并愿意接收以下订阅。",
        confirm_not_asked="如果不是您要求的，关闭本页即可，不会再收到任何内容。",
        confirmed="已确认。以下订阅会发送到这个地址；每封消息都可以退订。",
        unsubscribe="退订",
        unsubscribe_asked="退订后不再收到这个订阅的任何消息。",
        unsubscribed="已退订，不会再收到这个订阅的消息。",
    ),
    "en": Words(
        site="newspaper snapshots and subscriptions",
        other_code="zh",
        other_name="中文",
        error="There is nothing to show.",
        errors={
            404: "Nothing is here: the link is incomplete, has expired, or never was one.",
            405: "This address takes no such request.",
            410: "This subscription is ended, and offers nothing any more.",
            500: "Something went wrong and was noted. Please try again later.",
        },
        about=(
            "newscrawl keeps snapshots of newspapers, and tells its subscribers when something of "
            "theirs appears."
        ),
        reached="There is no list of its pages: links in messages and feeds lead to them.",
        places={
            "/s/ARTICLE": "the snapshot of an article, text only",
            "/story/ARTICLE": "what the reprints of a report left out, changed or added",
            "/feed/SECRET.atom": "a subscription as an Atom feed",
            "/feed/SECRET.json": "a subscription as a JSON feed",
            "/confirm/SECRET": "confirms an address",
            "/u/SECRET": "ends a subscription",
        },
        snapshot_of="Snapshot: ",
        no_headline="(no headline)",
        story="The same report, {} articles",
        first="First",
        reprint="Reprint",
        seen="first seen",
        source="source",
        compare="What each left out or changed",
        compared=(
            "Reprints are compared with the first appearance clause by clause; punctuation and "
            "layout make no difference."
        ),
        changes={"删去": "Left out", "增加": "Added", "改为": "Changed"},
        unchanged="The text is unchanged",
        not_compared="Not compared: it is too long, or too much was to be compared at once.",
        more_changes="{} more changes",
        more_articles="{} more are not listed",
        alone="There are no reprints.",
        older_text="This article was edited since; this is an earlier text.",
        newest_text="The newest text",
        flagged="A few characters cannot be read, or something too long was left out.",
        picture="picture",
        taken="Snapshot taken",
        beijing_time="Beijing time",
        original="Original address",
        no_original="none",
        there="The original now",
        there_states={
            "unknown": "not looked for since it was collected, {}",
            "answers": "still there when it was read again, {}",
            "moved": "still there, on another page, when it was read again, {}",
            "perhaps gone": "not found, {}; certain when a later reading finds the same",
            "gone": "withdrawn; looked for in vain last at {}",
        },
        digest="Digest of the snapshot",
        version="Version",
        article_id="Id",
        citation="Citation (GB/T 7714)",
        collected="This is a snapshot, collected and kept by newscrawl.",
        imported="This is a snapshot that this site's operator brought; it was not collected here.",
        reading=(
            "The text is read from the snapshot with blanks and line breaks tidied, without "
            "pictures and layout; the snapshot itself is kept as it was."
        ),
        disclaimer="Nothing of its content was changed, nor is it the view of this site.",
        not_affiliated="This site is not affiliated with the newspaper or its site.",
        takedown="If it infringes your rights, ask the operator to remove it.",
        taken_down="This article is taken down",
        taken_down_since="Taken down",
        scopes={
            "hide": "What was here is taken down, and is not shown any more.",
            "redact": "The text is taken down; headline, page, time and digest remain.",
            "erase": "What was here is erased for good: this site does not have it any more.",
        },
        person="Subscriber",
        address="Address",
        subscription="Subscription",
        query="Query",
        confirm="Confirm",
        confirm_asked="Please confirm that this address is yours and wants these subscriptions.",
        confirm_not_asked="If you did not ask for them, close this page: nothing will be sent.",
        confirmed="Confirmed. These are sent to the address; each message lets you unsubscribe.",
        unsubscribe="Unsubscribe",
        unsubscribe_asked="No message of this subscription will be sent to you any more.",
        unsubscribed="You have unsubscribed: nothing more of this subscription will be sent.",
    ),
}

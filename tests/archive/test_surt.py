"""Keys as other tools of web archives make them; these were compared with theirs."""

from __future__ import annotations

import pytest

from newscrawl.archive.surt import surt

KEYS = {
    "http://www.paper.example/A/?b=1#c": "example,paper)/a?b=1",
    "https://paper.example:443/x/../y//z/./": "example,paper)/y/z",
    "http://Paper.Example:8080/%E4%B8%AD/A?b=2&a=1&c": (
        "example,paper:8080)/%e4%b8%ad/a?a=1&b=2&c"
    ),
    "http://例子.测试/路径?词=报": (
        "xn--0zwm56d,xn--fsqu00a)/%e8%b7%af%e5%be%84?%e8%af%8d=%e6%8a%a5"
    ),
    "import:paper/1%20A": "import:paper/1%20a",
    "http://h": "h)/",
    "http://h/?": "h)/",
    "http://h/?sid=0123456789abcdef0123456789abcdef&x=1": "h)/?x=1",
    "http://www2.h.cn/a;b=c/": "cn,h)/a;b=c",
    "http://u@h.cn/x": "cn,h)/x",
    "http://127.0.0.1:8095/hzrb/a.html": "1,0,0,127:8095)/hzrb/a.html",
    "http://h/a%2Fb%3Fc%23d?x=%26": "h)/a/b?c%23d?&x=",
    "http://h/a/../../b/../x": "h)/../x",
    "http://h/(S(abcdefghijklmnopqrstuvwx))/a.aspx?q": "h)/a.aspx?q",
    "http://h/%25%32%35": "h)/%25",
    "ftp://h/x": "h)/x",
}


@pytest.mark.parametrize(("url", "key"), KEYS.items())
def test_a_key_is_that_of_the_other_tools(url, key):
    assert surt(url) == key

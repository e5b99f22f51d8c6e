import re
import time

import pytest

from tasks.secrets import WITHOUT_PASSWORD, check_no_password, hide_password


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        pytest.param("sftp://ada:s3cret@host.example/in", "sftp://***@host.example/in", id="user-and-password"),
        pytest.param("s3://:s3cret@bucket/key", "s3://***@bucket/key", id="password-alone"),
        pytest.param("sftp://ada:s3cret@cret@host/in", "sftp://***@host/in", id="at-in-the-password"),
        pytest.param("sftp://ada:s3c:ret@host/in", "sftp://***@host/in", id="colon-in-the-password"),
        pytest.param("sftp://ada::s3cret@host/in", "sftp://***@host/in", id="colon-before-the-password"),
        pytest.param("sftp://ada:s3cret/cret@host/in", "sftp://***@host/in", id="slash-in-the-password"),
        pytest.param("sftp://ada::s3cret/cret@host/in", "sftp://***@host/in", id="colon-and-slash"),
        pytest.param("sftp://ada:12/s3cret", "sftp://ada:12/s3cret", id="no-at"),
        pytest.param("sftp://ada:s3cret@cret/cret@host/in", "sftp://***@host/in", id="at-and-slash"),
        pytest.param("sftp://ada:s3cret#cret@host/in", "sftp://***@host/in", id="number-sign-in-the-password"),
        pytest.param("sftp://ada:s3cret?cret@host/in", "sftp://***@host/in", id="question-mark-in-the-password"),
        pytest.param("sftp://ada:s3 cret@host/in", "sftp://***@host/in", id="space-in-the-password"),
        pytest.param("sftp://ada:1234@host/in", "sftp://***@host/in", id="digits"),
        pytest.param("sftp://ada:1234@host:22/in", "sftp://***@host:22/in", id="password-and-port"),
        pytest.param("sftp://ada@home:s3cret@host/in", "sftp://***@host/in", id="at-in-the-user"),
        pytest.param("sftp://ada:s3cret@[2001:db8::1]:22/in", "sftp://***@[2001:db8::1]:22/in", id="ipv6-password"),
        pytest.param(
            "zip://*.txt::sftp://ada:s3cret@host/in.zip", "zip://*.txt::sftp://***@host/in.zip", id="chain-password"
        ),
        pytest.param("https://s3cret@host.example/feed", "https://***@host.example/feed", id="token"),
        pytest.param("HTTP://s3cret@host.example", "HTTP://***@host.example", id="token-in-capitals"),
        pytest.param(
            "zip://*.txt::https://s3cret@host/in.zip", "zip://*.txt::https://***@host/in.zip", id="chain-token"
        ),
        pytest.param("sftp://ada@host.example/in", None, id="user-alone"),
        pytest.param("sftp://ada@host.example:22/in@noon", None, id="user-and-port"),
        pytest.param("sftp://ada@[2001:db8::1]:22/in@noon", None, id="user-and-ipv6"),
        pytest.param("abfs://news@account.example/in", None, id="container"),
        pytest.param("https://example.com/a@b", None, id="at-in-the-path"),
        pytest.param("https://example.com:8080/a@b", None, id="port"),
        pytest.param("https://example.com:/a@b", None, id="no-port"),
        pytest.param("https://example.com:8080?mail=a@b", None, id="port-and-query"),
        pytest.param("https://example.com?mail=a:b@c", None, id="query"),
        pytest.param("https://example.com#a:b@c", None, id="fragment"),
        pytest.param("https://paper.example/a:b@c", None, id="colon-and-at-in-the-path"),
        pytest.param("https://[2001:db8::1]/a@b", None, id="ipv6"),
        pytest.param("https://[2001:db8::1]:8080/a@b", None, id="ipv6-and-port"),
        pytest.param("https://[fe80::1%25eth0]:8080/a@b", None, id="ipv6-with-its-zone"),
        pytest.param("https://web.archive.example/2020/http://paper.example:80/@ada", None, id="address-in-the-path"),
        pytest.param("zip://*.txt::https://paper.example/a@b.zip", None, id="chain"),
        pytest.param("zip://*.txt::filecache::https://paper.example/a@b.zip", None, id="longer-chain"),
        pytest.param("s3://bucket/a:b@c", None, id="key"),
        pytest.param("file:///in/a:b@c", None, id="file"),
        pytest.param("file://C:/in/a@b", None, id="drive"),
        pytest.param("data/in:box@home", None, id="a-path"),
        pytest.param("data/in/a@b", None, id="a-path-with-at"),
        pytest.param("-", None, id="standard-input"),
    ],
)
def test_hide_password_leaves_all_but_the_password(address, shown):
    shown = shown or address
    assert hide_password(address) == shown
    assert bool(re.search(WITHOUT_PASSWORD, address)) is (address == shown)
    if address == shown:
        check_no_password([address])
        return
    with pytest.raises(ValueError, match="carries a password") as raised:
        check_no_password(["inbox", address])
    assert "cret" not in str(raised.value)
    assert "1234" not in str(raised.value)


@pytest.mark.parametrize(
    "piece",
    ["://", "://a:b", "://a:", ":", "@", "://[", "://[::", "http://a", "http", "a:b@", "::a://", "://a::b", "1"],
)
@pytest.mark.parametrize("begin", ["", "sftp://", "sftp://a:", "sftp://a::", "sftp://[", "https://"])
def test_check_no_password_takes_time_in_proportion_to_the_address(begin, piece):
    address = begin + piece * (100_000 // len(piece))
    started = time.process_time()
    hide_password(address)
    re.search(WITHOUT_PASSWORD, address)
    assert time.process_time() - started < 1

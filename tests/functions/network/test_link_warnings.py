"""Warnings about chains: what can be seen, and nothing that is not so."""

# ruff: noqa: RUF001 -- look-alikes are what is tested

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.network.expansion import Hop
from functions.network.link_warnings import chain_warnings


def _warn(*urls: str) -> str:
    hops = [Hop(url, url.split("/")[2].partition(":")[0], 200) for url in urls]
    return "\n".join(chain_warnings(hops))


@pytest.mark.parametrize(
    ("host", "says"),
    [
        ("pаypal.com", "mixes alphabets in `pаypal`: Cyrillic and Latin"),
        ("pаypal.com", "looks like `paypal.com`"),
        ("ρaypal.com", "mixes alphabets in `ρaypal`: Greek and Latin"),
        ("асе.com", "looks like `ace.com`, but is another host: `xn--80ak9a.com`"),
        ("xn--80ak9a.com", "looks like `ace.com`"),
        ("8.8.8.8", "bare IP address"),
        ("2606:4700::1111", "bare IP address"),
    ],
)
def test_what_can_be_seen_is_said(host: str, says: str) -> None:
    """Mixed alphabets, names that look like others, addresses without a name."""
    hops = [Hop("https://x/", host, 200)]
    assert says in "\n".join(chain_warnings(hops))


@pytest.mark.parametrize(
    ("host", "other"),
    [
        ("xn--80ak6aa92e.com", "apple.com"),  # all Cyrillic, its l a palochka: the one of 2017
        ("аррӏе.com", "apple.com"),
        ("раураl.com", "paypal.com"),
        ("раураӏ.com", "paypal.com"),
        ("ԝhatsapp.com", "whatsapp.com"),
        ("ԝһаtѕарр.com", "whatsapp.com"),
        ("gооgӏе.com", "google.com"),
        ("ɡoogle.com", "google.com"),  # all Latin: the phonetic g
        ("xn--oogle-qmc.com", "google.com"),
        ("ɑmɑzon.com", "amazon.com"),
        ("ʏᴏᴜtube.com", "youtube.com"),
        ("mіcrosoft.com", "microsoft.com"),
        ("fасеbооk.com", "facebook.com"),
        ("ѕсоре.com", "scope.com"),
        ("ցооցӏе.com", "google.com"),  # Armenian and Cyrillic
        ("νіѕа.com", "visa.com"),
    ],
)
def test_the_name_that_is_imitated_is_the_one_that_people_read(host: str, other: str) -> None:
    """Look-alikes of popular names, in other alphabets and in Latin letters that nobody writes."""
    told = "\n".join(chain_warnings([Hop("https://x/", host, 200)]))

    assert f"looks like `{other}`, but is another host: `xn--" in told


@pytest.mark.parametrize(
    "host",
    [
        "example.com",
        "münchen.de",
        "kırmızı.com",
        "eʋegbe.tg",
        "encyclopædia.org",
        "sơn.vn",
        "ca-fé.example",
        "пример.рф",
        "παράδειγμα.gr",
        "日本語かなカナ.jp",
        "abcかな.jp",
        "한국어abc.kr",
        "中文abc.cn",
        "xn--mnchen-3ya.de",
        "bit.ly",
        "a-very-long-first-label-indeed.example",
        "free.tk",
    ],
)
def test_honest_names_are_not_accused(host: str) -> None:
    """Other languages, long names, cheap domains and shorteners are no danger by themselves."""
    assert chain_warnings([Hop("https://x/", host, 200)]) == ()


def test_a_step_down_to_http_is_said_once() -> None:
    """Which host does it; and the end is not complained of on top."""
    told = _warn("https://a.example/", "http://b.example/")

    assert told == "`a.example` sends on from `https` to unencrypted `http`."


def test_a_step_up_to_https_is_fine() -> None:
    """As it should be."""
    assert _warn("http://a.example/", "https://a.example/") == ""


def test_a_long_chain_is_said() -> None:
    """From four redirects on."""
    assert _warn(*["https://a.example/"] * 4) == ""
    assert "4 redirects" in _warn(*["https://a.example/"] * 5)


@given(st.text(min_size=1, max_size=30))
def test_any_host_can_be_judged(host: str) -> None:
    """Nothing breaks it, and no warning is without a text."""
    assert all(chain_warnings([Hop("https://x/", host, None)]))

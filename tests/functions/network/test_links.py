"""Reading addresses: as browsers read them, once, into parts."""

# ruff: noqa: RUF001 -- ambiguous characters are what is tested

import string
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from functions.network.guard.links import (
    MAX_LENGTH,
    BadLink,
    Link,
    follow,
    is_local_name,
    parse_host,
    parse_link,
)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("example.com", "https://example.com/"),
        ("  <https://example.com/a>  ", "https://example.com/a"),
        ("HTTP://Example.COM:80/A?b=C#d", "http://example.com/A?b=C#d"),
        ("https://example.com:443", "https://example.com/"),
        ("example.com:443/x", "https://example.com/x"),
        ("//example.com/x", "https://example.com/x"),
        ("http://example.com.", "http://example.com/"),
        ("http://example.com。/", "http://example.com/"),
        (
            "http://bücher.example/ä?ö=ü#é",
            "http://xn--bcher-kva.example/%C3%A4?%C3%B6=%C3%BC#%C3%A9",
        ),
        ("http://faß.de", "http://xn--fa-hia.de/"),
        ("http://ＥＸＡＭＰＬＥ.com", "http://example.com/"),
        ("http://💩.la", "http://xn--ls8h.la/"),
        ("http://my_host.example.com/", "http://my_host.example.com/"),
        ("http://8.8.8.8/", "http://8.8.8.8/"),
        ("http://0x08080808/", "http://8.8.8.8/"),
        ("http://[2606:4700:4700:0:0::1111]/", "http://[2606:4700:4700::1111]/"),
        ("http://[2606:4700:4700::1111]:443/", "http://[2606:4700:4700::1111]:443/"),
        ('http://example.com/"<>`{}|^', "http://example.com/%22%3C%3E%60%7B%7D%7C%5E"),
        ("http://example.com/%41%zz", "http://example.com/%41%zz"),
    ],
)
def test_an_address_is_read_as_a_browser_reads_it(text: str, url: str) -> None:
    """Case, default ports, trailing dots, Unicode, IPv4 in hex: one form for all."""
    assert parse_link(text).url == url


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "host"),
        ("http://", "host"),
        ("ftp://example.com", "Only `http` and `https`"),
        ("javascript:alert(1)", "Only `http` and `https`"),
        ("https://paypal.com@evil.example/", "real host is `evil.example`"),
        ("https://a b.example", "space"),
        ("https://example.com\\x", "backslash"),
        ("https://example.com/\u2028x", "invisible"),
        ("https://example.com/\ud800", "half of a character"),
        ("https://" + "a" * 3000 + ".com", f"limit is {MAX_LENGTH:,}"),
        ("https://" + "a" * 64 + ".com", "no valid host name"),
        ("https://-a.com", "no valid host name"),
        ("https://a..com", "no valid host name"),
        ("https://ex%61mple.com", "no valid host name"),
        ("https://example.com:99999", "no valid address"),
        ("https://example.com:0", "no valid address"),
        ("https://1.2.3.4.5", "no valid IP address"),
        ("https://1.2.3.999", "no valid IP address"),
        ("https://[::g]", "no valid"),
        ("https://[fe80::1%25en0]", "no valid"),
    ],
)
def test_what_is_no_address_is_refused_with_the_reason(text: str, says: str) -> None:
    """In a sentence that the user can act on."""
    with pytest.raises(BadLink, match=says.replace("(", r"\(")):
        parse_link(text)


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/b", "https://example.com/b#top"),
        ("?q=1", "https://example.com/a/x?q=1#top"),
        ("../c#end", "https://example.com/c#end"),
        ("//other.example/d", "https://other.example/d#top"),
        ("http://other.example", "http://other.example/#top"),
        ("/with space", "https://example.com/with%20space#top"),
        (" /spaces-around ", "https://example.com/spaces-around#top"),
        ("", "https://example.com/a/x#top"),
    ],
)
def test_a_redirect_may_be_relative_and_keeps_the_fragment(location: str, url: str) -> None:
    """As the fetch standard has it."""
    assert follow(parse_link("https://example.com/a/x#top"), location).url == url


@pytest.mark.parametrize(
    "location", ["ftp://x.example", "https://a:b@x.example", "/\u2028x", "http:"]
)
def test_a_redirect_to_no_address_is_refused(location: str) -> None:
    """A hop is checked like the first address."""
    with pytest.raises(BadLink):
        follow(parse_link("https://example.com/"), location)


@pytest.mark.parametrize("host", ["localhost", "a.localhost", "printer", "a.local", "x.internal"])
def test_names_of_ones_own_network_are_known(host: str) -> None:
    """They are never looked up."""
    assert is_local_name(host)
    assert not is_local_name(f"{host}.example.com")


@given(st.ip_addresses(v=4))
def test_every_spelling_of_an_ipv4_address_is_the_same_host(address: IPv4Address) -> None:
    """Decimal, hexadecimal, octal, short: what is checked is what is meant."""
    number, parts = int(address), address.packed
    spellings = [
        str(address),
        str(number),
        hex(number),
        f"0{number:o}",
        ".".join(hex(part) for part in parts),
        ".".join(f"0{part:o}" for part in parts),
        f"{parts[0]}.{number & 0xFFFFFF}",
        f"{parts[0]}.{parts[1]}.{number & 0xFFFF}",
        f"{address}.",
    ]
    assert {parse_host(spelling) for spelling in spellings} == {str(address)}


@given(st.ip_addresses(v=6))
def test_an_ipv6_address_comes_out_in_its_usual_form(address: IPv6Address) -> None:
    """However long it is written."""
    link = parse_link(f"http://[{address.exploded.upper()}]/")

    assert link.ip == address
    assert parse_link(link.url) == link


@given(st.text(max_size=60))
@example("http://[")
@example("http://[v1.x]/")
@example("http://a:b:c/")
@example("//@")
@example("http://\u2100.example")
@example("xn--a")
@example("http://xn--\u00fc/")
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing else comes out, and what is read reads the same again."""
    for candidate in (text, f"http://{text}", f"https://{text}.example/{text}"):
        try:
            link = parse_link(candidate)
        except BadLink:
            continue
        assert parse_link(link.url) == link
        assert link.url.isascii()
        assert link.scheme in {"http", "https"}
        assert "@" not in link.authority


_HOSTS = st.from_regex(
    r"[a-z]([a-z0-9-]{0,8}[a-z0-9])?(\.[a-z]([a-z0-9-]{0,8}[a-z0-9])?){1,3}", fullmatch=True
)


@given(
    st.sampled_from(["http", "https"]),
    _HOSTS,
    st.integers(1, 65535),
    st.text(string.ascii_letters + string.digits + "/._-~!$&'()*+,;=:@%", max_size=30),
)
def test_the_parts_of_an_address_stay_what_they_are(
    scheme: str, host: str, port: int, path: str
) -> None:
    """Nothing moves from the path into the host or the other way round."""
    link = parse_link(f"{scheme}://{host}:{port}/{path}")

    assert link == Link(scheme, host, port, f"/{path}")

"""Reads the addresses that users give, as browsers read them, and refuses what is no public page.

Parsed once, into parts: what is connected to is the parts, so no second parser can disagree.
Sources: WHATWG URL standard (host parser, IPv4 parser), RFC 3986, UTS 46 through `idna`,
RFC 6761 and 6762 for names that no public DNS holds.
"""

import re
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import idna

from utilsbot.i18n import _, number

MAX_LENGTH = 2048
"""Characters of an address; longer ones do not fit into an embed's link either."""
PORTS = {"http": 80, "https": 443}

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_HOST_AND_PORT = re.compile(r"[^/?#@:]+:\d{1,5}(?:[/?#]|$)")
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]")
_LOCAL_NAMES = ("localhost", "local", "internal", "home.arpa", "onion")
_SAFE = "!#$%&'()*+,/:;=?@[]~"


class BadLink(Exception):
    """No address that may be opened; the text says why, as whole sentences for the user."""


class Link(NamedTuple):
    """An http(s) address in parts."""

    scheme: str
    host: str
    """ASCII: a name in punycode, or an IP address in its usual form, IPv6 without brackets."""
    port: int
    target: str
    """Path and query, ASCII."""
    fragment: str = ""

    @property
    def url(self) -> str:
        """The whole address, ASCII."""
        fragment = f"#{self.fragment}" if self.fragment else ""
        return f"{self.scheme}://{self.authority}{self.target}{fragment}"

    @property
    def authority(self) -> str:
        """The host, with its port unless it is the scheme's own: the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def ip(self) -> IPv4Address | IPv6Address | None:
        """The host as an IP address, if it is one."""
        return _ip(self.host)

    @property
    def shown_host(self) -> str:
        """The host as people read it: punycode decoded where it is valid."""
        return shown(self.host)


def parse_link(text: str) -> Link:
    """The address that somebody typed; without a scheme it means https.

    Raises:
        BadLink: it is none, or none that may be opened.
    """
    text = text.strip().removeprefix("<").removesuffix(">").strip()
    if not _SCHEME.match(text) or _HOST_AND_PORT.match(text):
        text = f"https://{text.removeprefix('//')}"
    return _parse(text)


def follow(base: Link, location: str) -> Link:
    """Where a redirect goes: `location` may be relative, and keeps the fragment if it has none.

    Raises:
        BadLink: nowhere that may be opened.
    """
    location = location.strip(" \t\r\n").replace(" ", "%20")  # as browsers do
    _check_characters(location)
    try:
        found = _parse(urljoin(base.url, location))
    except ValueError:
        raise BadLink(_("This is no valid address.")) from None
    return found if found.fragment else found._replace(fragment=base.fragment)


def parse_host(text: str) -> str:
    """A host in ASCII, whatever way it is written: an IP address in its usual form, or a name.

    Raises:
        BadLink: it is neither.
    """
    host = text.removesuffix(".") if not text.endswith("..") else text
    if not host or "%" in host or "\\" in host:
        raise BadLink(_("This is no valid host name."))
    if ":" in host:
        return _ipv6(host)
    ascii_host = _to_ascii(host)
    address = _ipv4(ascii_host)
    if address is not None:
        return address
    if len(ascii_host) > 253 or not _NAME.fullmatch(ascii_host):
        raise BadLink(_("This is no valid host name."))
    return ascii_host


def shown(host: str) -> str:
    """A host for people: punycode decoded where that is valid and gives the same host again."""
    if "xn--" not in host:
        return host
    try:
        decoded = idna.decode(host)
        return decoded if idna.encode(decoded).decode() == host else host
    except (idna.IDNAError, UnicodeError, OverflowError):  # punycode can spell any number
        return host


def is_local_name(host: str) -> bool:
    """Whether a name can have no meaning in the public DNS."""
    if _ip(host) is not None:
        return False
    return "." not in host or any(
        host == name or host.endswith(f".{name}") for name in _LOCAL_NAMES
    )


def _parse(text: str) -> Link:
    if len(text) > MAX_LENGTH:
        told = _("The address has {length} characters; the limit is {most}.")
        raise BadLink(told.format(length=number(len(text)), most=number(MAX_LENGTH)))
    _check_characters(text)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise BadLink(_("This is no valid address.")) from None
    scheme = parts.scheme.lower()
    if scheme not in PORTS:
        raise BadLink(_("Only `http` and `https` addresses can be opened."))
    if "@" in parts.netloc:
        raise BadLink(_credentials(parts))
    host = parse_host(_bare_host(parts))
    if port == 0:
        raise BadLink(_("This is no valid address."))
    query = quote(parts.query, _SAFE)
    return Link(
        scheme=scheme,
        host=host,
        port=port if port is not None else PORTS[scheme],
        target=quote(parts.path or "/", _SAFE) + (query and f"?{query}"),
        fragment=quote(parts.fragment, _SAFE),
    )


def _check_characters(text: str) -> None:
    """Characters that parsers disagree about: some drop them, some cut there, some encode them."""
    if "\\" in text or _UNPRINTABLE.search(text):
        raise BadLink(_("The address has a space, a backslash or an invisible character in it."))
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadLink(_("The address has half of a character in it.")) from None


def _bare_host(parts: SplitResult) -> str:
    """The host as it was written; `hostname` of the standard library has it in lower case."""
    host = parts.hostname or ""
    if not host:
        raise BadLink(_("The address has no host, the part as `example.com`."))
    if "[" in parts.netloc and ":" not in host:
        raise BadLink(_("This is no valid address."))
    return host


def _credentials(parts: SplitResult) -> str:
    try:
        real = shown(parse_host(_bare_host(parts)))
    except BadLink:
        real = _("something else")
    return _(
        "The address has a user name or a password in it (what stands before the `@`), which is a "
        "common trick: its real host is `{host}`. Such addresses are never opened."
    ).format(host=real)


def _to_ascii(host: str) -> str:
    if host.isascii():
        return host.lower()
    try:
        # UTS 46 maps what looks like digits, dots and letters to those, as browsers do.
        mapped = idna.uts46_remap(host, std3_rules=False)
    except idna.IDNAError:
        raise BadLink(_("This is no valid host name.")) from None
    return ".".join(_label(label) for label in mapped.removesuffix(".").split("."))


def _label(label: str) -> str:
    if label.isascii():
        return label
    try:
        return idna.alabel(label).decode("ascii")
    except idna.IDNAError:  # emoji and the like: against IDNA 2008, but browsers open them
        return f"xn--{label.encode('punycode').decode('ascii')}"


def _ipv6(host: str) -> str:
    try:
        return str(IPv6Address(host))
    except ValueError:
        raise BadLink(_("This is no valid IPv6 address.")) from None


def _ipv4(host: str) -> str | None:
    """An IPv4 address in any spelling that browsers know: `127.1`, `0x7f.1`, `017700000001`.

    None if the last label is no number, so that it is a name (WHATWG URL, ends-in-a-number).

    Raises:
        BadLink: it ends in a number and is no IPv4 address.
    """
    labels = host.split(".")
    if not re.fullmatch(r"\d+|0x[0-9a-f]*", labels[-1]):
        return None
    numbers = [_number(label) for label in labels]
    if len(numbers) > 4 or any(number is None for number in numbers):
        raise BadLink(_("This is no valid IP address."))
    *heads, tail = (number or 0 for number in numbers)
    if any(head > 255 for head in heads) or tail >= 256 ** (5 - len(numbers)):
        raise BadLink(_("This is no valid IP address."))
    whole = tail + sum(head << (8 * (3 - at)) for at, head in enumerate(heads))
    return str(IPv4Address(whole))


def _number(label: str) -> int | None:
    """One part of an IPv4 address; `int` alone would take signs and underscores, too."""
    if re.fullmatch(r"0x[0-9a-f]*", label):
        return int(label[2:] or "0", 16)
    if re.fullmatch(r"0[0-7]+", label):
        return int(label, 8)
    return int(label) if re.fullmatch(r"0|[1-9][0-9]*", label) else None


def _ip(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return IPv6Address(host) if ":" in host else IPv4Address(host)
    except ValueError:
        return None

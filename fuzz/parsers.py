"""Promises of the pure parsers about any bytes: the errors that they name, and no others."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote

from functions.ai.quoting import files_of, text_of
from functions.catalog import CATALOG
from functions.games.wordle_text import pack, unpack
from functions.network.expansion import Hop
from functions.network.guard.links import BadLink, Link, follow, parse_link
from functions.network.link_warnings import chain_warnings
from functions.network.message_links import links_of
from functions.network.page import MAX_TITLE, read_page
from functions.sandbox.wire import BadRequest, program_of
from functions.tools import base64_codec, digest_names, otp_secret, qr_rules
from functions.tools.qr_payload import understand
from fuzz.front_door import FrontDoor, check_signed, check_unsigned
from utilsbot.discord import custom_id
from utilsbot.discord.interaction import parse_interaction
from utilsbot.discord.snowflake import interaction_id, reference_id
from utilsbot.discord.split import split
from utilsbot.envelope import Envelope, MalformedEnvelope
from utilsbot.errors import UserError
from utilsbot.markdown import code_block, escape, inline_code
from utilsbot.routing import route

Promise = Callable[[bytes], None]
_DOOR = FrontDoor()


def text_from(data: bytes) -> str:
    """Any text: bytes that are no UTF-8 become halves of surrogate pairs."""
    return data.decode("utf-8", "surrogateescape")


def _json(data: bytes) -> Any:
    try:
        return json.loads(text_from(data))
    except (ValueError, RecursionError):
        return None


def signed_body(data: bytes) -> None:
    """The whole front door, on a body that Discord signed."""
    check_signed(_DOOR, data)


def unsigned_event(data: bytes) -> None:
    """The whole front door, on an event whose headers and body are a stranger's."""
    names, _, body = text_from(data).partition("\n\n")
    headers = dict(line.partition(":")[::2] for line in names.split("\n"))
    for encoded in (False, True):
        event = {"headers": headers, "body": body, "isBase64Encoded": encoded}
        check_unsigned(_DOOR, event)


def interaction(data: bytes) -> None:
    """Parsing and routing."""
    try:
        found = parse_interaction(_json(data))
        call = route(found, CATALOG)
    except (ValueError, UserError):
        return
    assert call.name
    assert found.owner_id is None or isinstance(found.owner_id, str)
    assert found.target_message is None or isinstance(found.target_message, Mapping)


def custom_ids(data: bytes) -> None:
    """Custom ids: parsed ones can be built again."""
    text = text_from(data)
    parts = custom_id.parse(text)
    if parts is not None and len(text) < 30 and "%" not in text and text.isascii():
        again = custom_id.build(parts.command, parts.action, *parts.arguments)
        assert custom_id.parse(again) == parts


def envelope(data: bytes) -> None:
    """Queue messages."""
    try:
        found = Envelope.decode(text_from(data))
    except MalformedEnvelope:
        return
    assert Envelope.decode(found.encode()) == found or found.received_at != found.received_at


def link(data: bytes) -> None:
    """Addresses: what comes out is one that means the same when it is read again."""
    first, _, second = text_from(data).partition("\n")
    try:
        found = parse_link(first)
    except BadLink:
        return
    _check_link(found)
    try:
        _check_link(follow(found, second))
    except BadLink:
        return


def _check_link(found: Link) -> None:
    assert found.url.isascii()
    assert found.host == found.host.lower()
    assert not set(found.host) & set("/?#@\\% \r\n\t\0"), found.host
    assert not set(found.target) & set("\\ \r\n\t\0#"), found.target
    if len(found.url) <= 2048:
        assert parse_link(found.url) == found, found
    if found.ip:
        assert str(ip_address(found.host)) == found.host
    chain_warnings([Hop(found.url, found.shown_host, 200)])


def page(data: bytes) -> None:
    """Web pages."""
    head, _, body = data.partition(b"\n")
    found = read_page(head.decode("latin-1"), body)
    assert len(found.title) <= MAX_TITLE
    assert "\n" not in found.title


def message(data: bytes) -> None:
    """Messages that somebody else wrote: their links, text and files."""
    found = _json(data)
    if isinstance(found, Mapping):
        assert all(link.lower().startswith("http") for link in links_of(found))
        text_of(found)
        files_of(found)


def one_time_secret(data: bytes) -> None:
    """Secrets of one-time codes: no error tells any of one."""
    text = text_from(data)
    for candidate in (text, f"otpauth://totp/x?secret={quote(data)}", f"otpauth://{text}"):
        try:
            key = otp_secret.parse_secret(candidate, otp_secret.CodeSettings())
        except otp_secret.BadSecret:
            continue
        assert key.bits >= 8
        assert 15 <= key.settings.period_s <= 120
        assert key.settings.digits in {6, 7, 8}
        assert len(key.issuer) <= 80
        assert len(key.account) <= 80


def base64_text(data: bytes) -> None:
    """Base64: there and back, and only its own error on anything."""
    assert base64_codec.decode(base64_codec.encode(data)).content == data if data else True
    try:
        found = base64_codec.decode(text_from(data))
    except base64_codec.BadBase64:
        return
    again = base64_codec.encode(found.content, url_safe=found.url_safe)
    assert base64_codec.decode(again).content == found.content


def digest_text(data: bytes) -> None:
    """Expected digests, colours, payloads of codes."""
    text = text_from(data)
    with suppress(ValueError):
        assert digest_names.parse_expected(text).hex.isalnum()
    with suppress(ValueError):
        assert all(0 <= part <= 255 for part in qr_rules.parse_colour(text))
    assert understand(text).host.isascii()


def reference(data: bytes) -> None:
    """Reference ids: those that are read come out the same."""
    try:
        found = interaction_id(text_from(data))
    except ValueError:
        return
    assert interaction_id(reference_id(found)) == found


def markdown(data: bytes) -> None:
    """Text that is shown: it stays in its code, and long text is split without a loss."""
    text = text_from(data)
    assert "\n" not in inline_code(text)
    assert code_block(text).count("```") == 2
    escape(text)
    parts = split(text, 100)
    assert all(len(part) <= 100 for part in parts)


def wordle_code(data: bytes) -> None:
    """The grids in custom ids."""
    found = unpack(text_from(data))
    if found is not None:
        assert unpack(pack(found)) == found


def program(data: bytes) -> None:
    """The sandbox's requests."""
    found = _json(data)
    for event in (found, {"code": found, "stdin": "", "files": {text_from(data): ""}}):
        if isinstance(event, Mapping):
            try:
                assert 1 <= program_of(event).timeout_s <= 20
            except BadRequest:
                continue


PROMISES: Mapping[str, Promise] = {
    promise.__name__: promise
    for promise in (
        signed_body,
        unsigned_event,
        interaction,
        custom_ids,
        envelope,
        link,
        page,
        message,
        one_time_secret,
        base64_text,
        digest_text,
        reference,
        markdown,
        wordle_code,
        program,
    )
}
"""By name: that of the target and of its folder in fuzz/corpus."""

"""/totp, from Discord's JSON to the form, the codes and the button."""

import base64
from typing import Any

import pytest

from functions.tools.commands.totp import SPEC
from functions.tools.one_time_codes import OneTimeCodes
from functions.tools.otp_secret import CodeSettings, TotpKey
from functions.tools.ports import build_ports
from tests.answers import AttachedFiles, context_of, embed_of, field_of, modal_of, reply_to
from tests.interactions import (
    answered_message,
    command_interaction,
    component_interaction,
    modal_interaction,
)
from utilsbot.discord.components import Button
from utilsbot.errors import BadInput, UnknownCommand
from utilsbot.invoke import invoke
from utilsbot.reply import Reply
from utilsbot.spec import Ack

_PORTS = build_ports(AttachedFiles())
_KEYS = {  # RFC 6238 appendix B, with the keys of erratum 2866
    "SHA1": b"12345678901234567890",
    "SHA256": b"12345678901234567890123456789012",
    "SHA512": b"1234567890123456789012345678901234567890123456789012345678901234",
}
_VECTORS = {
    59: ("94287082", "46119246", "90693936"),
    1111111109: ("07081804", "68084774", "25091201"),
    1111111111: ("14050471", "67062674", "99943326"),
    1234567890: ("89005924", "91819424", "93441116"),
    2000000000: ("69279037", "90698825", "38618901"),
    20000000000: ("65353130", "77737706", "47863826"),
}
_SECRET = base64.b32encode(_KEYS["SHA1"]).decode()


def _totp(now: float = 59, **options: Any) -> Reply:
    return reply_to(command_interaction("totp", options=options), _PORTS, now)


def _button(reply: Reply) -> Button:
    ((button,),) = (row.components for row in reply.rows)
    assert isinstance(button, Button)
    return button


@pytest.mark.parametrize("algorithm", _KEYS)
@pytest.mark.parametrize("at", _VECTORS)
def test_the_rfcs_own_codes(algorithm: str, at: int) -> None:
    """RFC 6238 appendix B, all three algorithms, through the whole command."""
    code = _VECTORS[at][list(_KEYS).index(algorithm)]
    secret = base64.b32encode(_KEYS[algorithm]).decode()
    reply = _totp(at, secret=secret, digits=8, algorithm=algorithm)
    assert f"# {code[:4]} {code[4:]}\n" in embed_of(reply).description
    assert f"```\n{code}\n```" in embed_of(reply).description


@pytest.mark.parametrize(("digits", "shown"), [(6, "287 082"), (7, "428 7082"), (8, "9428 7082")])
def test_codes_are_grouped_for_reading(digits: int, shown: str) -> None:
    """In groups for the eye, and whole for copying."""
    description = embed_of(_totp(secret=_SECRET, digits=digits)).description
    assert description.startswith(f"# {shown}\n")
    assert f"```\n{shown.replace(' ', '')}\n```" in description


@pytest.mark.parametrize(
    ("now", "period", "changes_at"),
    [(59.9, 30, 60), (60.0, 30, 90), (59, 15, 60), (61, 45, 90), (119, 120, 120)],
)
def test_the_next_code_and_when(now: float, period: int, changes_at: int) -> None:
    """The next code is the one that will be shown when this one ends."""
    reply = _totp(now, secret=_SECRET, period=period)
    assert f"changes <t:{changes_at}:R>" in embed_of(reply).description
    later = _totp(changes_at, secret=_SECRET, period=period)
    code = embed_of(later).description.splitlines()[0].removeprefix("# ")
    assert field_of(reply, "Next code") == f"**{code}** from <t:{changes_at}:T>"


@pytest.mark.parametrize("size", [1, 5, 10, 13, 14, 20, 100])
def test_keys_of_any_length_work(size: int) -> None:
    """Though pyotp refuses keys under 112 bits; ours answer, with a note."""
    secret = base64.b32encode(bytes(range(size))).decode()
    fields = {field.name: field.value for field in embed_of(_totp(secret=secret)).fields}
    if size < 14:
        assert f"only {size * 8} bits" in fields["Please note"]
    else:
        assert "Please note" not in fields


def test_short_keys_give_the_codes_that_long_ones_would() -> None:
    """HMAC pads short keys with zeros, so a key and the same with zeros behind give one code."""
    short = TotpKey(b"0123456789", CodeSettings())
    long = TotpKey(b"0123456789" + bytes(10), CodeSettings())
    assert OneTimeCodes().code(short, 59) == OneTimeCodes().code(long, 59)


def test_an_impossible_length_is_noted() -> None:
    """A secret with two characters too few still answers, with a doubt."""
    assert "one is missing" in field_of(_totp(secret=_SECRET[:-2]), "Please note")


def test_an_address_is_honoured() -> None:
    """Its issuer and account are shown, without Markdown, and its settings beat the options."""
    reply = _totp(
        secret=f"otpauth://totp/ACME:ada_x@example.com?secret={_SECRET}&digits=8", digits=6
    )
    assert "# 9428 7082" in embed_of(reply).description
    assert embed_of(reply).title == r"Code for ACME · ada\_x\@example.com"
    assert "SHA1, 8 digits, 30 s" in embed_of(reply).footer


@pytest.mark.parametrize("secret", [_SECRET, f"otpauth://totp/A:b?secret={_SECRET}&issuer=A"])
def test_the_secret_is_nowhere_in_the_answer(secret: str) -> None:
    """Neither in the texts nor in the custom ids."""
    assert _SECRET.lower() not in repr(_totp(secret=secret)).lower()
    form = modal_interaction("totp/secret/6/30/SHA1", {"secret": secret})
    assert _SECRET.lower() not in repr(reply_to(form, _PORTS)).lower()


def test_a_wrong_secret_says_where() -> None:
    """The position, not the secret."""
    with pytest.raises(BadInput, match="position 9") as caught:
        _totp(secret="JBSWY3DP0EHPK3PXP")
    assert "JBSW" not in caught.value.text
    assert caught.value.__cause__ is None


def test_without_a_secret_a_form_asks() -> None:
    """The first answer is the form, which carries the settings."""
    options = {"digits": 8, "period": 60, "algorithm": "SHA512"}
    modal = modal_of(command_interaction("totp", options=options))
    assert modal is not None
    assert modal.custom_id == "totp/secret/8/60/SHA512"
    assert len(modal.inputs) == 1


def test_with_a_secret_there_is_no_form() -> None:
    """The command is deferred to the worker."""
    assert SPEC.ack is Ack.MODAL
    assert modal_of(command_interaction("totp", options={"secret": _SECRET})) is None


def test_the_worker_says_what_it_needs() -> None:
    """A command without a secret that comes to the worker is told so."""
    with pytest.raises(BadInput, match="secret"):
        _totp()


def test_the_form_is_answered() -> None:
    """The secret from the form gives the codes of its settings."""
    form = modal_interaction("totp/secret/8/30/SHA1", {"secret": f" {_SECRET.lower()} "})
    assert "# 9428 7082" in embed_of(reply_to(form, _PORTS, 59)).description


@pytest.mark.parametrize("fields", [{}, {"secret": ""}, {"secret": "  "}])
def test_an_empty_form_is_told(fields: dict[str, str]) -> None:
    """Nothing typed is an error about the secret."""
    with pytest.raises(BadInput, match="There is no secret"):
        reply_to(modal_interaction("totp/secret/6/30/SHA1", fields), _PORTS)


def test_another_code_asks_again() -> None:
    """The button opens the form with the same settings, because the secret was not kept."""
    reply = _totp(secret=_SECRET, digits=7, period=60, algorithm="SHA256")
    modal = modal_of(component_interaction(_button(reply).custom_id))
    assert modal is not None
    assert modal.custom_id == "totp/secret/7/60/SHA256"
    form = modal_interaction(modal.custom_id, {"secret": _SECRET}, message=answered_message())
    assert _button(reply_to(form, _PORTS)) == _button(reply)


@pytest.mark.parametrize("where", ["secret", "ask"])
@pytest.mark.parametrize(
    "settings",
    [
        "5/30/SHA1",
        "x/30/SHA1",
        "6/14/SHA1",
        "6/121/SHA1",
        "6/٣٠/SHA1",
        "6/30/MD5",
        "6/30",
        "6/30/SHA1/x",
    ],
)
def test_an_altered_custom_id_is_refused(where: str, settings: str) -> None:
    """Custom ids come from outside: every part is checked again."""
    custom_id = f"totp/{where}/{settings}"
    body = (
        component_interaction(custom_id)
        if where == "ask"
        else modal_interaction(custom_id, {"secret": _SECRET})
    )
    call, context = context_of(body)
    with pytest.raises(UnknownCommand):
        invoke(call, context, _PORTS)


@pytest.mark.parametrize(
    "body",
    [
        command_interaction("totp", options={"secret": _SECRET}),
        modal_interaction("totp/secret/6/30/SHA1", {"secret": _SECRET}),
    ],
    ids=["command", "form"],
)
def test_codes_are_always_private(body: dict[str, Any]) -> None:
    """There is no option that shares them."""
    assert context_of(body)[0].private


@pytest.mark.parametrize("options", [{"digits": 5}, {"period": 14}, {"period": 121}])
def test_limits_hold_on_our_side_too(options: dict[str, int]) -> None:
    """What Discord's client would not send is refused."""
    with pytest.raises(BadInput):
        _totp(secret=_SECRET, **options)

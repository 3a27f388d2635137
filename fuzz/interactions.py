"""Hypothesis strategies that read the catalog: calls of every command, right, damaged, forged."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from fuzz.front_door import DEVELOPER
from tests.interactions import (
    GUILD_ID,
    OTHER_USER_ID,
    USER_ID,
    Json,
    answered_message,
    attachment,
    base,
    command_interaction,
    component_interaction,
    modal_interaction,
)
from utilsbot.catalog import CommandModule
from utilsbot.spec import CommandType, Option, OptionType, Visibility, private_option

Examples = Mapping[str, Sequence[str]]
_EXAMPLE = re.compile(r'([a-z0-9_-]+):("[^"]*"|\S+)')
_NASTY = (
    "",
    " ",
    "\0",
    "\ud800",
    "x\udfff",
    "\u202egnp.exe",
    "\u200b\u200d\ufeff",
    "\ufffe\uffff",
    "@everyone <@&1> <#1> </x:1> <t:1:R>",
    "```\n`` ` ```",
    "||spoiler|| [a](https://b.example)",
    "../../etc/passwd",
    "' OR 1=1 --",
    "{0} %s {user} $(id) `id`",
    "a\r\nlevel=ERROR outcome=fake",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 40,
    "Z͑ͫ̓ͪ̂" * 50,
    "A" * 6001,
    "https://[::1]:80/@x",
    "http://169.254.169.254/latest/meta-data",
    "data:text/plain;base64,////",
    "otpauth://totp/x?secret=A&digits=9999999999",
    "sha256:zz",
    "١٢٣",
    "-0",
    "1e999",
    "NaN",
    "9" * 400,
    "None",
    USER_ID,
    "2026-09-21",
    "%2e%00%ff",
)
_PLAIN = ("hello", "crane", "https://example.com/a?b=c", "8.8.8.8", "SGVsbG8=", "1+1", "#ff0000")
_NUMBERS = (0, -1, 1, 2**31, 2**53, 2**63, 2**64, -(2**63), 10**400, 0.5, -0.0, 1e308, 5e-324)

texts = st.one_of(
    st.sampled_from(_PLAIN), st.sampled_from(_NASTY), st.text(st.characters(), max_size=60)
)
numbers = st.one_of(st.sampled_from(_NUMBERS), st.integers(), st.floats(allow_nan=False))
scalars = st.one_of(st.none(), st.booleans(), numbers, texts)
json_values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(texts, st.sampled_from(["id", "name", "value"])), inner),
    ),
    max_leaves=6,
)


@st.composite
def interactions(draw: st.DrawFn, commands: Sequence[CommandModule]) -> Json:
    """An interaction with one of these commands; one in four is damaged somewhere."""
    module = draw(st.sampled_from(commands))
    body: Json = draw(draw(st.sampled_from(_KINDS))(module))
    if draw(st.integers(0, 3)) == 3:
        for _ in range(draw(st.integers(1, 3))):
            damage(draw, body)
    return body


def signed_bytes(body: Json) -> bytes:
    """As Discord could write it; halves of surrogate pairs as escapes."""
    return json.dumps(body).encode()


def damage(draw: st.DrawFn, body: Json) -> None:
    """Changes, removes or adds something anywhere in a body, in place."""
    places = list(_places(body))
    holder, key = draw(st.sampled_from(places))
    match draw(st.integers(0, 3)):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder[draw(texts)] = draw(json_values)
        case 2 if isinstance(holder, list):
            holder.append(draw(json_values))
        case _:
            holder[key] = draw(json_values)


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) below a value."""
    found: list[tuple[Any, Any]] = []
    pairs: Any = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        found.append((value, key))
        if isinstance(inner, dict | list):
            found += _places(inner)
    return found


@st.composite
def _where(draw: st.DrawFn) -> Json:
    return {
        "user_id": draw(st.sampled_from([USER_ID, DEVELOPER, OTHER_USER_ID, DEVELOPER])),
        "guild_id": draw(st.sampled_from([GUILD_ID, None])),
        "user_install": draw(st.sampled_from([False, False, True])),
        "locale": draw(st.sampled_from(["en-US", "de", "vi", "ja", "xx", ""])),
        "attachment_size_limit": draw(st.sampled_from([10 * 1024 * 1024, 1, 500])),
    }


@st.composite
def _command(draw: st.DrawFn, module: CommandModule, focus: bool = False) -> Json:
    spec = module.spec
    common = draw(_where())
    if spec.type is not CommandType.CHAT_INPUT:
        return _context_menu(draw, module, common)
    target: Any = draw(st.sampled_from(spec.subcommands)) if spec.subcommands else spec
    declared: list[Option] = list(target.options)
    visibility: Visibility = target.visibility or spec.visibility
    if visibility.has_option:
        declared.append(private_option(visibility))
    body = command_interaction(spec.name, **common)
    examples = _examples(module)
    data = body["data"]
    options = [
        _given(draw, option, data, examples)
        for option in declared
        if option.required or draw(st.integers(0, 3)) == 3
    ]
    if focus:
        body["type"] = 4
        for option in options[:1]:
            option["focused"] = True
    nested = [{"name": target.name, "type": 1, "options": options}]
    data["options"] = nested if spec.subcommands else options
    return body


def _given(draw: st.DrawFn, option: Option, data: Json, examples: Examples) -> Json:
    """One option: one in ten has a value or a type that Discord would not send."""
    kind, value = int(option.type), draw(_right(option, examples))
    if option.type is OptionType.ATTACHMENT:
        file = draw(_files())
        data.setdefault("resolved", {}).setdefault("attachments", {})[file["id"]] = file
        value = file["id"]
    if draw(st.integers(0, 9)) == 9:
        value = draw(json_values)
    if draw(st.integers(0, 15)) == 15:
        kind = draw(st.sampled_from([*range(13), -1, 99]))
    return {"name": option.name, "type": kind, "value": value}


def _examples(module: CommandModule) -> Examples:
    """What the spec's examples give, by option."""
    found: dict[str, list[str]] = {}
    for line in module.spec.examples:
        for name, value in _EXAMPLE.findall(line):
            found.setdefault(name, []).append(value.strip('"'))
    return found


def _right(option: Option, examples: Examples) -> st.SearchStrategy[Any]:
    """Values of the option's type, mostly within its limits, every other one from an example."""
    if option.choices:
        return st.sampled_from([choice.value for choice in option.choices])
    match option.type:
        case OptionType.STRING:
            known = examples.get(option.name)
            return st.one_of(st.sampled_from(known), texts) if known else texts
        case OptionType.BOOLEAN:
            return st.booleans()
        case OptionType.INTEGER:
            low, high = option.min_value, option.max_value
            return st.integers(
                int(low) if low is not None else None, int(high) if high is not None else None
            )
        case OptionType.NUMBER:
            return numbers
        case _:
            return st.sampled_from([USER_ID, OTHER_USER_ID, DEVELOPER, "0", str(2**64 - 1)])


def _files() -> st.SearchStrategy[Json]:
    """Attachments as Discord resolves them, and forged ones."""
    return st.builds(
        attachment,
        filename=st.one_of(st.sampled_from(["a.png", "a.txt", "x.py"]), texts),
        size=st.sampled_from([0, 5, 10**7, 10**12, -1]),
        content_type=st.one_of(st.sampled_from(["image/png", "text/plain"]), texts),
        url=st.one_of(
            st.none(),
            st.sampled_from(["http://127.0.0.1/", "https://cdn.discordapp.com.evil.example/"]),
            texts,
        ),
    )


def _context_menu(draw: st.DrawFn, module: CommandModule, common: Json) -> Json:
    target = draw(st.sampled_from([USER_ID, OTHER_USER_ID, "9"]))
    parts = {
        "content": draw(texts),
        "embeds": draw(st.one_of(st.just([]), json_values)),
        "attachments": draw(st.one_of(st.just([]), st.lists(_files(), max_size=2), json_values)),
    }
    message = answered_message(target, **parts) | draw(
        st.one_of(st.just({}), st.dictionaries(st.sampled_from(_MESSAGE_KEYS), json_values))
    )
    data = {
        "id": "7",
        "name": module.spec.name,
        "type": int(module.spec.type),
        "target_id": target,
        "resolved": {"messages": {target: message}, "users": {target: {"id": target}}},
    }
    return base(2, data, **common)


_MESSAGE_KEYS = [
    "author",
    "components",
    "message_snapshots",
    "content",
    "id",
    "interaction_metadata",
]


@st.composite
def _pressed(draw: st.DrawFn, module: CommandModule) -> Json:
    values = draw(st.one_of(st.none(), st.lists(texts, max_size=3), st.just(["text"])))
    return component_interaction(
        _custom_id(draw, module),
        values=values,
        owner_id=draw(st.sampled_from([USER_ID, OTHER_USER_ID, DEVELOPER])),
        **draw(_where()),
    )


@st.composite
def _submitted(draw: st.DrawFn, module: CommandModule) -> Json:
    names = st.sampled_from(["word", "question", "code", "text", "stdin", "instruction"])
    fields = draw(st.dictionaries(st.one_of(names, texts), texts, max_size=3))
    return modal_interaction(_custom_id(draw, module), fields, **draw(_where()))


def _custom_id(draw: st.DrawFn, module: CommandModule) -> str:
    """A custom id of the command's, with as many arguments as its function takes, or others."""
    from urllib.parse import quote

    if not module.spec.actions:
        return draw(texts)
    action = draw(st.sampled_from(module.spec.actions))
    function = module.function(f"on_{action.name.replace('-', '_')}")
    wanted = function.__code__.co_argcount - 1
    count = draw(st.one_of(st.just(wanted), st.integers(0, 6)))
    arguments = [draw(st.one_of(st.sampled_from(_ARGUMENTS), texts)) for _ in range(count)]
    parts = (module.spec.slug, action.name, *arguments)
    return "/".join(quote(part.encode("utf-8", "replace")) for part in parts)


_ARGUMENTS = (
    *(
        "0",
        "1",
        "2",
        "9",
        "16",
        "-1",
        "daily",
        "random",
        "new",
        "private",
        "open",
        "user",
        "server",
    ),
    *("audit", "2026-09-21", "boards", "palette", "on", "off", "everything", "global", "hash", "L"),
    *(USER_ID, OTHER_USER_ID, GUILD_ID, "a" * 16, "79f2", "classic", "yes", "ai", "1.5", "1e9"),
)

_KINDS = (  # the plainest first, since that is what hypothesis begins with
    _command,
    _pressed,
    _submitted,
    _command,
    lambda module: _command(module, focus=True),
)

"""What the users of a chaos run do, and what is the right answer to each deed.

The right answers are computed here, from the input and the standards, with none of the bot's code.
Everything follows from the seed: the same users do the same in the same order, under the same ids.
"""

import base64
import hashlib
import json
import random
import re
import string
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from local import ROOT
from local.discord.inbound import Inbound
from local.discord.state import State
from local.discord.world import PLACES, Place, User, World

_BEGINNING_S = 1_893_456_000.0
"""Of the ids: 2030, so that they are the same in every run and nothing kept by them has expired."""
_STRING, _BOOLEAN, _SUBCOMMAND = 3, 5, 1
_ALGORITHMS = ("md5", "sha1", "sha256", "sha512")
_GUESSES = 6
_PRIVATE_CHANCE = 0.2
_PARTS = [f"def part_{n}()" if n % 4 == 3 else f"**Part {n + 1}.**" for n in range(12)]
"""Of the stand-in's long answer, in four messages."""
_QUESTIONS: Sequence[tuple[str, str, str, Sequence[str]]] = (
    ("ask", "question", "", ()),
    ("ask", "question", " standin:verbose", _PARTS),
    ("chat", "message", "", ()),
)

Check = Callable[["Shown"], str | None]
"""What is wrong with a result; None if nothing is."""


class Shown(NamedTuple):
    """A message as its user sees it at the end."""

    content: str
    embeds: Sequence[Mapping[str, Any]]
    files: Sequence[str]
    components: Sequence[Mapping[str, Any]]

    @property
    def text(self) -> str:
        """All that can be read."""
        return json.dumps([self.content, *self.embeds], ensure_ascii=False)

    @property
    def failed(self) -> bool:
        """Whether it says that something went wrong, with the reference for whoever helps."""
        return any("Reference " in e.get("footer", {}).get("text", "") for e in self.embeds)


class Deed(NamedTuple):
    """One interaction of a user, and what should come of it."""

    user_id: str
    name: str
    body: Mapping[str, Any]
    private: bool
    check: Check
    in_turn: bool = False
    """Whether the user waits for the answer before the next deed."""
    ai: bool = False
    """Whether it costs the operator a question to the model."""
    parts: Sequence[str] = ()
    """Of an answer that takes several messages: what they say together, each of it once."""
    word: str = ""
    """The word that it guesses."""
    guessing_begins: bool = False
    presses: bool = False
    """Whether it is a press of the first button of the answer before."""

    def on(self, message: Mapping[str, Any]) -> "Deed":
        """The press, once the message is there. Args: message: with its id and components."""
        button = next(b for row in message["components"] for b in row["components"])
        data = {"component_type": 2, "custom_id": button["custom_id"], "id": button.get("id", 1)}
        maker = self.body.get("member", {}).get("user") or self.body.get("user")
        made_by = {"id": message["interaction_id"], "type": 2, "user": maker}
        shown = {"id": message["id"], "flags": 64, "components": message["components"]}
        shown |= {"content": "", "embeds": [], "attachments": [], "interaction_metadata": made_by}
        return self._replace(body={**self.body, "type": 3, "data": data, "message": shown})


class Script:
    """The deeds of one user after the other."""

    def __init__(self, seed: int, site_url: str) -> None:
        """Args: site_url: of the stand-in web site, for /unshorten."""
        self._seed = seed
        self._site_url = site_url
        self._moments = _moments()
        self._inbound = Inbound(State(World(), lambda: next(self._moments)), site_url)
        words = (ROOT / "functions" / "games" / "words" / "answers.txt").read_text().split()
        self._words = [word for word in words if len(word) == 5]
        self._dice = random.Random(f"{seed}:deeds")  # noqa: S311

    def user(self, number: int) -> list[Deed]:
        """Everything that a user does, in order."""
        user = User(str(600_000_000_000_000_000 + number), f"User {number}", "#000000")
        place = self._dice.choice(PLACES)
        deeds = [*self._tools(user, place), *self._others(user, place), *self._ai(user, place)]
        self._dice.shuffle(deeds)
        at = next(n for n, deed in enumerate(deeds) if deed.name == "password")
        deeds.insert(at + 1, self._press(user, place))
        game = list(self._game(user, place))
        # The press stays behind the answer that it is on.
        free = [n for n in range(len(deeds) + 1) if n != at + 1]
        places = sorted(self._dice.choice(free) for _ in game)
        for offset, (position, deed) in enumerate(zip(places, game, strict=True)):
            deeds.insert(position + offset, deed)
        return deeds

    def _tools(self, user: User, place: Place) -> Iterator[Deed]:
        for _ in range(4):
            text, algorithm = self._text(), self._dice.choice(_ALGORITHMS)
            digest = hashlib.new(algorithm, text.encode()).hexdigest()
            options = {"text": text, "algorithm": algorithm}
            yield self._command(user, place, "hash", options, _has(digest), private=True)
        for _ in range(2):
            text = self._text()
            coded = base64.b64encode(text.encode()).decode()
            options = {"operation": "encode", "text": text}
            yield self._command(user, place, "base64", options, _has(coded), private=True)
            options = {"operation": "decode", "text": coded}
            yield self._command(user, place, "base64", options, _has(text), private=True)
        deed = self._command(user, place, "password", {}, _has_embed, forced=True, private=True)
        yield deed._replace(in_turn=True)
        options = {"text": self._text()}
        yield self._command(
            user, place, "qr", options, _has_picture, subcommand="create", private=True
        )
        options = {"secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"}
        yield self._command(user, place, "totp", options, _has_code, forced=True, private=True)

    def _press(self, user: User, place: Place) -> Deed:
        """Another password, in the place of the first."""
        made = self._command(user, place, "password", {}, _has_embed, forced=True, private=True)
        return made._replace(name="password button", presses=True)

    def _others(self, user: User, place: Place) -> Iterator[Deed]:
        yield self._command(user, place, "ip", {"ip": "1.1.1.1"}, _has("1.1.1.1"))
        options = {"url": f"{self._site_url}/standins/site/go/one"}
        yield self._command(
            user, place, "unshorten", options, _has("/standins/site/page", "does not answer")
        )
        yield self._command(
            user, place, "privacy", {}, _has_embed, subcommand="show", forced=True, private=True
        )
        yield self._command(user, place, "preferences", {}, _has_embed, forced=True, private=True)
        yield self._command(user, place, "help", {}, _has_embed, private=True)
        yield self._command(user, place, "ping", {}, _has_embed)

    def _ai(self, user: User, place: Place) -> Iterator[Deed]:
        name, option, suffix, parts = self._dice.choice(_QUESTIONS)
        options = {option: self._text() + suffix}
        deed = self._command(user, place, name, options, _has("stand-in"))
        yield deed._replace(ai=True, parts=parts)

    def _game(self, user: User, place: Place) -> Iterator[Deed]:
        """A game to its end, if no guess is right by chance."""
        options: Mapping[str, Any] = {"mode": "random"}
        first = self._command(
            user, place, "wordle", options, _has_something, subcommand="play", private=True
        )
        yield first._replace(in_turn=True, guessing_begins=True)
        for word in self._dice.sample(self._words, _GUESSES):
            options = {"word": word, "mode": "random"}
            deed = self._command(
                user, place, "wordle", options, _has_something, subcommand="guess", private=True
            )
            yield deed._replace(in_turn=True, word=word)
        yield self._command(
            user, place, "wordle", {}, _has_something, subcommand="stats", private=True
        )

    def _command(
        self,
        user: User,
        place: Place,
        name: str,
        options: Mapping[str, Any],
        check: Check,
        *,
        subcommand: str = "",
        private: bool = False,
        forced: bool = False,
    ) -> Deed:
        """A command. Args: private: what it is by default. forced: the caller has no choice."""
        given = dict(options)
        if not forced and self._dice.random() < _PRIVATE_CHANCE:
            private = self._dice.random() < 0.5
            given["private"] = private
        sent = [_option(key, value) for key, value in given.items()]
        if subcommand:
            sent = [{"type": _SUBCOMMAND, "name": subcommand, "options": sent}]
        command = {"id": "1", "name": name, "type": 1}
        body = self._inbound.command(user, place, command, sent, {})
        # A secret that is the same in every run, and as unguessable as this one has to be.
        token = hashlib.sha256(f"{self._seed}:{body['id']}".encode()).hexdigest()
        body["token"] = base64.urlsafe_b64encode(f"interaction:{token}".encode()).decode()
        title = f"{name} {subcommand}".strip()
        return Deed(user.id, title, body, private, check)

    def _text(self) -> str:
        letters = self._dice.choices(string.ascii_lowercase + "   äßé漢🙂", k=24)
        return f"t{''.join(letters)}t"


def _option(name: str, value: Any) -> dict[str, Any]:
    return {"type": _BOOLEAN if isinstance(value, bool) else _STRING, "name": name, "value": value}


def _moments() -> Iterator[float]:
    """A clock that is a millisecond on at every look."""
    moment = _BEGINNING_S
    while True:
        moment += 0.001
        yield moment


def _has(*texts: str) -> Check:
    """A check that one of the texts is in the answer."""

    def check(shown: Shown) -> str | None:
        plain = [json.dumps(text, ensure_ascii=False)[1:-1] for text in texts]
        found = any(text in shown.text for text in plain)
        return None if found else f"{texts[0]!r} is not in the answer"

    return check


def _has_embed(shown: Shown) -> str | None:
    return None if shown.embeds and shown.embeds[0].get("title") else "no embed with a title"


def _has_something(shown: Shown) -> str | None:
    return None if shown.embeds or shown.content else "nothing in it"


def _has_picture(shown: Shown) -> str | None:
    return None if any(name.endswith(".png") for name in shown.files) else "no picture"


def _has_code(shown: Shown) -> str | None:
    return None if re.search(r"\b\d{3} ?\d{3}\b", shown.text) else "no code of six digits"

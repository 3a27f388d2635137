"""Somebody who plays: sends interactions through routing to the real commands and a real store."""

import itertools
from collections.abc import Mapping
from typing import Any

from functions.games.wordle_pictures import Pictures
from functions.games.wordle_play import Wordle
from functions.games.wordle_words import WordLists
from tests.contract.discord_schema import assert_callback, assert_message_edit
from tests.fakes import FakeClock
from tests.interactions import (
    GUILD_ID,
    USER_ID,
    Json,
    answered_message,
    command_interaction,
    component_interaction,
    modal_interaction,
    parsed,
    snowflake,
)
from utilsbot.catalog import Catalog
from utilsbot.context import Context
from utilsbot.discord.components import Button, Modal
from utilsbot.discord.messages import render
from utilsbot.invoke import invoke
from utilsbot.reply import Reply
from utilsbot.routing import route
from utilsbot.store.game_stats import GameStats
from utilsbot.store.games import Games
from utilsbot.store.table import connect

SECRET = b"a secret of the operator"
CATALOG = Catalog("functions.games")
_sequence = itertools.count(1)


def wordle_of(table: str, clock: FakeClock, secret: bytes | None = SECRET) -> Wordle:
    """The moves on a table."""
    store = Games(connect(), table, "wordle")
    return Wordle(store, WordLists(), lambda: secret, clock.sleep)


class Player:
    """One user; remembers the last message, whose buttons can be pressed."""

    def __init__(
        self,
        wordle: Wordle,
        clock: FakeClock,
        user_id: str = USER_ID,
        guild_id: str | None = GUILD_ID,
    ) -> None:
        """Args: guild_id: None for the DM with the bot."""
        self.wordle = wordle
        self.clock = clock
        self.user_id = user_id
        self.guild_id = guild_id
        self.last = Reply()
        self.public = False

    def command(self, subcommand: str, **options: Any) -> Reply:
        """A slash command's reply."""
        self.public = options.get("private") is False
        return self.send(
            command_interaction("wordle", subcommand, options=options, **self._where())
        )

    def press(self, label: str) -> Reply:
        """A button's reply; the message is edited."""
        return self.send(self._click(label))

    def form(self, label: str) -> Modal:
        """The form that a button opens."""
        answer = self.answer(self._click(label))
        assert isinstance(answer, Modal)
        assert_callback({"type": 9, "data": answer.payload()}, 3)
        return answer

    def submit(self, form: Modal, word: str) -> Reply:
        """The reply to a form."""
        return self.send(self.filled(form, word))

    def filled(self, form: Modal, word: str) -> Json:
        """The interaction of a form that is sent in."""
        fields = {"word": word}
        return modal_interaction(
            form.custom_id, fields, message=self._message(), **self._where()
        ) | {"id": self._id()}

    def guess(self, word: str) -> Reply:
        """Presses Guess and sends the form in."""
        return self.submit(self.form("Guess"), word)

    def send(self, body: Json) -> Reply:
        """The reply to an interaction, checked against Discord's limits."""
        answer = self.answer(body)
        assert isinstance(answer, Reply)
        (message,) = render(answer, attachment_limit_bytes=10 * 1024 * 1024, max_messages=1)
        files = [(file.name, len(file.content)) for file in message.files]
        assert_message_edit(message.edit_payload, files)
        self.last = answer
        return answer

    def answer(self, body: Json) -> Any:
        """What the command's function answers."""
        interaction = parsed(body)
        call = route(interaction, CATALOG)
        context = Context(
            interaction,
            self.clock.seconds,
            "REFERENCE",
            call.private,
            values=call.values,
            fields=call.fields,
        )
        return invoke(call, context, self.ports)

    @property
    def ports(self) -> Mapping[str, Any]:
        """What the worker gives to commands."""
        return {"wordle": self.wordle, "pictures": Pictures()}

    @property
    def buttons(self) -> dict[str, Button]:
        """The buttons of the last message by label."""
        parts = [part for row in self.last.rows for part in row.components]
        return {part.label: part for part in parts if isinstance(part, Button)}

    @property
    def stats(self) -> GameStats:
        """The stored figures."""
        return self.wordle.stats_of(self.user_id)

    def _click(self, label: str) -> Json:
        custom_id = self.buttons[label].custom_id
        body = component_interaction(custom_id, message=self._message(), **self._where())
        return body | {"id": self._id()}

    def _message(self) -> Json:
        return answered_message(self.user_id, flags=0 if self.public else 64)

    def _where(self) -> dict[str, Any]:
        return {"user_id": self.user_id, "guild_id": self.guild_id, "at": self.clock.seconds}

    def _id(self) -> str:
        return snowflake(self.clock.seconds, next(_sequence))

"""The group as its handler puts it together from its environment."""

from typing import cast

import pytest

from functions.games.ports import build_ports
from functions.games.wordle_game import Mode, Move
from functions.games.wordle_notes import NO_DAILY
from functions.games.wordle_play import Wordle
from functions.games.wordle_words import WordLists
from tests.fakes import FakeClock
from tests.interactions import NOW, USER_ID, snowflake
from utilsbot.discord.attachments import AttachmentDownloader
from utilsbot.errors import ServiceError
from utilsbot.runtime import Parts
from utilsbot.settings import Secret
from utilsbot.store.table import connect

MOVE = Move(snowflake(NOW), USER_ID, NOW)


class Secrets:
    """Parameter Store with one parameter."""

    def read(self, name: str) -> Secret:
        """The secret, or the error of one that is missing."""
        if name != "/utilsbot/daily":
            raise ServiceError(f"parameter {name}: ParameterNotFound")
        return Secret("secret")


def wordle_of(table: str, clock: FakeClock, **environment: str) -> Wordle:
    """The moves that commands are given."""
    parts = Parts(environment, clock.clock, connect(), table, AttachmentDownloader())
    return cast("Wordle", build_ports(parts, Secrets())["wordle"])


def test_the_parameters_secret_orders_the_days(table: str, fake_clock: FakeClock) -> None:
    """The daily word is the one of the operator's secret."""
    wordle = wordle_of(table, fake_clock, DAILY_WORD_PARAMETER="/utilsbot/daily")
    game = wordle.start(MOVE, Mode.DAILY, hard=False).game
    assert game is not None
    assert game.answer == WordLists().daily(MOVE.day, b"secret")


def test_without_a_parameter_there_is_no_daily(table: str, fake_clock: FakeClock) -> None:
    """It is said plainly."""
    assert wordle_of(table, fake_clock).start(MOVE, Mode.DAILY, hard=False).note == NO_DAILY


def test_a_parameter_that_cannot_be_read_is_no_other_word(
    table: str, fake_clock: FakeClock
) -> None:
    """No day is played with another word because SSM did not answer; random games go on."""
    wordle = wordle_of(table, fake_clock, DAILY_WORD_PARAMETER="/utilsbot/missing")
    with pytest.raises(ServiceError):
        wordle.start(MOVE, Mode.DAILY, hard=False)
    assert wordle.start(MOVE, Mode.RANDOM, hard=False).game

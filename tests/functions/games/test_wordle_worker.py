"""/wordle under the real worker: a crash or a lost answer between a move and its record."""

from typing import Any

import pytest

from functions.games.wordle_play import Wordle
from tests.fakes import FakeClock
from tests.functions.games.player import CATALOG, Player
from tests.interactions import Json
from utilsbot.discord.interaction import Interaction
from utilsbot.envelope import Envelope
from utilsbot.errors import DiscordError
from utilsbot.reply import Reply
from utilsbot.store.command_log import CommandLog
from utilsbot.store.table import connect
from utilsbot.worker import Worker


class Crash(BaseException):
    """The function dies: nothing after this line runs."""


class Line:
    """Discord, the queue, the log and Lambda's context in one; fails as it is told to."""

    aws_request_id = "request"

    def __init__(self) -> None:
        """Nothing was sent yet."""
        self.sent: list[Reply] = []
        self.troubles: list[BaseException] = []

    def silence_s(self, interaction: Interaction) -> float:
        """Discord takes everything."""
        return 0.0

    def deliver(self, interaction: Interaction, reply: Reply, **_: Any) -> None:
        """Notes the reply, then fails if it has to: Discord has it, we do not know."""
        self.sent.append(reply)
        if self.troubles:
            raise self.troubles.pop(0)

    def tell(self, interaction: Interaction, reply: Reply, **_: Any) -> None:
        raise AssertionError("nothing fails here")

    def preview(self, interaction: Interaction, reply: Reply, **_: Any) -> None:
        """Games show nothing on the way."""

    def delay(self, receipt_handle: str, delay_s: int) -> None:
        """The queue brings it back."""

    def log(self, event: str, *, level: str = "INFO", **fields: Any) -> None:
        """Nobody reads it."""

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        """Lambda's."""
        return 30_000


def worker_of(player: Player, table: str, clock: FakeClock, line: Line) -> Worker:
    """The games' worker."""
    return Worker(
        catalog=CATALOG,
        ports=player.ports,
        command_log=CommandLog(connect(), table),
        outbox=line,
        queue=line,
        clock=clock.clock,
        log=line.log,
        report=lambda error, tags: None,
        max_receives=3,
    )


def event(body: Json, clock: FakeClock, attempt: int) -> dict[str, Any]:
    """The queue's message of an interaction."""
    record = {
        "messageId": "m",
        "receiptHandle": "h",
        "body": Envelope(body, clock.seconds).encode(),
        "attributes": {"ApproximateReceiveCount": str(attempt)},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:1:q",
        "awsRegion": "us-east-1",
    }
    return {"Records": [record]}


@pytest.mark.parametrize("trouble", [Crash(), DiscordError("no answer"), None])
def test_a_move_that_is_run_again_counts_once(
    player: Player, wordle: Wordle, table: str, fake_clock: FakeClock, trouble: BaseException | None
) -> None:
    """The winning guess is applied, the function dies, the queue delivers it again."""
    line = Line()
    worker = worker_of(player, table, fake_clock, line)
    player.command("play", mode="random")
    won = player.filled(player.form("Guess"), _answer(wordle, player))
    line.troubles = [trouble] if trouble else []
    for attempt in (1, 2):
        try:
            worker.handle(event(won, fake_clock, attempt), line)  # type: ignore[arg-type]
        except Crash:
            fake_clock.advance(120)  # until the claim is anybody's again
    assert player.stats.played == player.stats.won == 1
    assert len(line.sent) == (2 if trouble else 1)
    assert all("in 1 guess." in reply.content for reply in line.sent)
    assert line.sent[0].files == line.sent[-1].files


def _answer(wordle: Wordle, player: Player) -> str:
    """The word of the random game, as the store has it."""
    table = wordle._read(player.user_id)
    return next(game.answer for game in table.games.values())

"""One command as a worker has it in hand."""

from typing import NamedTuple

from utilsbot.context import Context
from utilsbot.discord.interaction import Interaction
from utilsbot.routing import Call
from utilsbot.store.command_log import Entry


class Job(NamedTuple):
    """One message of the queue, taken apart."""

    interaction: Interaction
    call: Call
    context: Context
    entry: Entry
    attempt: int
    last: bool
    """Whether a failure now sends it to the dead-letter queue."""

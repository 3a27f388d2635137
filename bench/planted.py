"""Bugs on purpose, so that the audit of a chaos run can prove that it finds them.

Started in the place of Lambda's runtime client, with the plant's name in UTILSBOT_PLANT: it changes
the loaded code of this process and goes on as the runtime client. Nothing of the product knows it.
"""

import hashlib
import os
import runpy
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from local.function import runtime_module


def delete_first() -> None:
    """The worker takes its message off the queue before it has answered."""
    from utilsbot.worker import Worker

    run = Worker._take

    def take(self: Any, record: Any, deadline: float, *rest: Any) -> None:
        queue = self._queue
        queue._client.delete_message(QueueUrl=queue._url, ReceiptHandle=record.receipt_handle)
        run(self, record, deadline, *rest)

    Worker._take = take  # type: ignore[method-assign, assignment]


def no_claim() -> None:
    """The worker takes every delivery for the first one."""
    from utilsbot.store.command_log import Claim, CommandLog
    from utilsbot.store.table import item_of, key_of

    def claim(self: Any, entry: Any, *, now: float, lease_s: float, **_: Any) -> Claim:
        from utilsbot.store import keys

        row = {"status": "working", "lease_until": int((now + lease_s) * 1000)}
        row |= {"command": entry.command, "command_group": entry.group}
        key = keys.command_log(entry.user_id, entry.interaction_id)
        self._client.put_item(TableName=self._table, Item=key_of(key) | item_of(row))
        return Claim.TAKEN

    CommandLog.claim = claim  # type: ignore[method-assign]


def loose_counters() -> None:
    """The day's counters grow before the transaction, and so with every attempt."""
    from utilsbot.store import keys
    from utilsbot.store.command_log import CommandLog
    from utilsbot.store.table import key_of

    claim = CommandLog.claim

    def count_first(self: Any, entry: Any, *, now: float, **more: Any) -> Any:
        taken = claim(self, entry, now=now, **more)
        self._client.update_item(
            TableName=self._table,
            Key=key_of(keys.stats(entry.command, now)),
            UpdateExpression="ADD runs :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )
        return taken

    def count(self: Any, entry: Any, ending: Any, now: float) -> Any:
        update = counted(self, entry, ending, now)
        update["ExpressionAttributeValues"][":one"] = {"N": "0"}
        return update

    counted = CommandLog._count
    CommandLog.claim = count_first  # type: ignore[method-assign]
    CommandLog._count = count  # type: ignore[method-assign]


def silent_rescue() -> None:
    """The rescue ends a command and says nothing to its user."""
    if "rescue" not in os.environ["_HANDLER"]:
        return
    from utilsbot.outbox import DiscordOutbox

    def say_nothing(*_: Any, **__: Any) -> None:
        return None

    DiscordOutbox.deliver = say_nothing  # type: ignore[method-assign]
    DiscordOutbox.tell = say_nothing  # type: ignore[method-assign]


def wrong_answer() -> None:
    """/hash answers with the digest of something else."""
    if "tools" not in os.environ["_HANDLER"]:
        return
    from functions.tools import digests

    right = hashlib.new

    def new(name: str, _: bytes, **more: Any) -> Any:
        return right(name, b"something else", **more)

    digests.hashlib = SimpleNamespace(new=new)  # type: ignore[assignment, attr-defined]


def open_answers() -> None:
    """The front door forgets that an answer is private."""
    if "interactions" not in os.environ["_HANDLER"]:
        return
    from functions.interactions import pipeline

    pipeline._EPHEMERAL = 0


PLANTS: dict[str, Callable[[], None]] = {
    plant.__name__: plant
    for plant in (delete_first, no_claim, loose_counters, silent_rescue, wrong_answer, open_answers)
}
"""By name."""


def main() -> None:
    """Plants, and becomes the runtime client; the command line is its own."""
    PLANTS[os.environ["UTILSBOT_PLANT"]]()
    runpy.run_module(runtime_module(), run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()

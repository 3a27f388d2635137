"""Compares what was sent with what Discord shows and the store counts (terms: docs/chaos.md)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from bench.deeds import Deed
from bench.endpoint import Ack
from bench.recording import ACK_LIMIT_S, Case
from bench.store_view import GameFigures, Store

_TOKEN_LIFE_S = 15 * 60
_HONEST = (
    "Something we need is not answering",
    "This could not be finished",
    "Discord is busy",
    "No service answered",
    "The AI took too long",
)
"""The titles of the failures that a fault excuses; any other failure is a wrong answer here."""
_STOPPED = "The AI stopped in the middle"
"""What an answer says that a fault has shortened."""
_MOST_TOLD = 8


class Sent(NamedTuple):
    """A deed and what the endpoint said to it."""

    deed: Deed
    ack: Ack


class Finding(NamedTuple):
    """Something that should not be."""

    kind: str
    """lost, duplicated, wrong or late."""
    what: str


class Verdict:
    """The figures of a run."""

    def __init__(self) -> None:
        """Nothing is counted yet."""
        self.acknowledged = self.answered = self.failed = self.refused = self.unanswered = 0
        self.findings: list[Finding] = []

    def add(self, kind: str, what: str) -> None:
        """Notes a finding."""
        self.findings.append(Finding(kind, what))

    def count(self, kind: str) -> int:
        """How many findings of a kind there are."""
        return sum(finding.kind == kind for finding in self.findings)

    @property
    def good(self) -> bool:
        """Whether the promise was kept."""
        return not (self.count("lost") or self.count("duplicated") or self.count("wrong"))

    def line(self) -> str:
        """The last line of a run."""
        counts = " ".join(f"{k}={self.count(k)}" for k in ("lost", "duplicated", "wrong", "late"))
        return f"acknowledged={self.acknowledged} answered={self.answered} {counts}"

    def told(self) -> Iterator[str]:
        """The findings, the first few of each kind."""
        kinds = Counter(finding.kind for finding in self.findings)
        for kind in kinds:
            of_kind = [finding for finding in self.findings if finding.kind == kind]
            yield from (f"{kind}: {finding.what}" for finding in of_kind[:_MOST_TOLD])
            if len(of_kind) > _MOST_TOLD:
                yield f"{kind}: … and {len(of_kind) - _MOST_TOLD} more"


def judge(
    sent: Iterable[Sent],
    cases: Mapping[str, Case],
    store: Store,
    waiting: Mapping[str, int],
    *,
    in_turn: bool = True,
) -> Verdict:
    """The verdict on a run that is over.

    Args:
        sent: every deed.
        cases: what Discord shows, by interaction.
        store: what is stored.
        waiting: messages that are left, by queue.
        in_turn: whether each player has waited for one move before the next; else nobody can say
            which words a game should have.
    """
    verdict = Verdict()
    deeds = list(sent)
    for one in deeds:
        _judge_answer(one, cases.get(str(one.deed.body["id"])), store, verdict)
    _judge_counters(deeds, cases, store, verdict)
    if in_turn:
        _judge_games(deeds, cases, store, verdict)
    for queue, count in waiting.items():
        verdict.add("wrong", f"{count} messages are left in {queue}")
    return verdict


def _judge_answer(one: Sent, case: Case | None, store: Store, verdict: Verdict) -> None:
    deed, ack = one
    interaction_id = str(deed.body["id"])
    name = f"/{deed.name} {interaction_id}"
    if ack.status != 200 or case is None:
        verdict.unanswered += 1
        if interaction_id in store.log:  # nothing was promised, so nothing may have happened
            verdict.add("wrong", f"{name}: not acknowledged ({ack.status}), and run")
        return
    # By the stand-in's clock or by the sender's, who also waits for the wire and a busy server.
    late_s = max(case.late_s, ack.elapsed_s - ACK_LIMIT_S)
    if late_s > 0:  # Discord has told its user already that the bot does not respond
        verdict.add("late", f"{name}: acknowledged {late_s:.1f} s too late")
        return
    verdict.acknowledged += 1
    final = case.final
    if final is None or case.answered_at is None:
        row = store.log.get(interaction_id)
        how = f"{row.status} {row.outcome}" if row else "no row"
        verdict.add("lost", f"{name}: acknowledged, and no answer ({how})")
        return
    verdict.answered += 1
    if case.answered_at - ack.sent_at > _TOKEN_LIFE_S:
        verdict.add("late", f"{name}: answered after its token's life")
    verdict.failed += final.failed
    refused = final.failed and not case.deferred
    verdict.refused += refused
    _judge_content(deed, case, name, refused, verdict)
    if case.deferred:
        _judge_row(interaction_id, name, store, verdict)


def _judge_content(deed: Deed, case: Case, name: str, refused: bool, verdict: Verdict) -> None:
    final = case.final
    assert final
    if case.callback_type != 6 and case.private != (deed.private or refused):
        verdict.add("wrong", f"{name}: {'private' if case.private else 'public'} by mistake")
    doubled = [shown for shown, count in _counted(case.followups) if count > 1]
    if doubled or (case.followups and case.callback_type == 5 and not deed.parts):
        verdict.add("duplicated", f"{name}: {len(case.followups)} messages beside its answer")
    if deed.parts and not final.failed:
        _judge_parts(deed, case, name, verdict)
    if final.failed:
        title = str(final.embeds[0].get("title"))
        if title not in _HONEST:
            verdict.add("wrong", f"{name}: a failure that no fault excuses: {title}")
        results = [shown for shown in case.versions if not shown.failed and not deed.ai]
        if results and case.deferred:
            verdict.add("wrong", f"{name}: its result was replaced by a failure")
    elif problem := deed.check(final):
        verdict.add("wrong", f"{name}: {problem}")


def _judge_parts(deed: Deed, case: Case, name: str, verdict: Verdict) -> None:
    """The messages of a long answer have all of it once, or the first has it as a file."""
    assert case.final
    if case.final.files or _STOPPED in case.final.content:
        return
    counts = Counter(dict.fromkeys(deed.parts, 0))
    for shown in (case.final, *case.followups):
        counts.update(part for part in deed.parts if part in shown.content)
    if missing := [part for part, count in counts.items() if not count]:
        verdict.add(
            "wrong",
            f"{name}: {', '.join(missing)} is not in its {1 + len(case.followups)} messages",
        )
    if twice := [part for part, count in counts.items() if count > 1]:
        verdict.add("duplicated", f"{name}: {', '.join(twice)} is there twice")


def _counted(items: Iterable[object]) -> list[tuple[object, int]]:
    """Each different item with how often it is there."""
    return list(Counter(map(repr, items)).items())


def _judge_row(interaction_id: str, name: str, store: Store, verdict: Verdict) -> None:
    row = store.log.get(interaction_id)
    if row is None:
        verdict.add("wrong", f"{name}: answered, and not in the command log")
    elif row.status != "done":
        verdict.add("wrong", f"{name}: answered, and in the command log as {row.status}")
    elif row.outcome == "undeliverable":
        verdict.add("wrong", f"{name}: answered, and in the command log as undeliverable")
    if store.log_rows[interaction_id] > 1:
        verdict.add("duplicated", f"{name}: twice in the command log")


def _judge_counters(
    sent: Iterable[Sent], cases: Mapping[str, Case], store: Store, verdict: Verdict
) -> None:
    """Every count in the store follows from what was acknowledged."""
    ended = Counter(row.command for row in store.log.values() if row.status == "done")
    for command in sorted(ended.keys() | store.runs.keys()):
        more = store.runs[command] - ended[command]
        if more:
            kind = "duplicated" if more > 0 else "wrong"
            text = f"{command} ran {ended[command]} times and is counted {store.runs[command]}"
            verdict.add(kind, text)
    least: Counter[str] = Counter()
    most: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    questions: Counter[str] = Counter()
    attempts: Counter[str] = Counter()
    for deed, ack in sent:
        case = cases.get(str(deed.body["id"]))
        counts = not deed.presses
        least[deed.user_id] += counts and ack.status == 200 and _is_accepted(case)
        most[deed.user_id] += counts  # a refusal may be the store's silence after it has counted
        row = store.log.get(str(deed.body["id"]))
        if deed.ai and row and row.outcome == "ok" and _is_accepted(case):
            asked[deed.user_id] += 1
        if deed.ai and row:
            questions[deed.user_id] += 1
            attempts[deed.user_id] += max(1, row.attempt)
    for user_id in most:
        used = store.used.get(user_id, 0)
        if used < least[user_id]:
            verdict.add("wrong", f"user {user_id} used {least[user_id]} commands, counted {used}")
        elif used > most[user_id]:
            text = f"user {user_id} used {most[user_id]} commands, counted {used}"
            verdict.add("duplicated", text)
        _judge_spending(
            user_id, asked[user_id], questions[user_id], attempts[user_id], store, verdict
        )


def _is_accepted(case: Case | None) -> bool:
    """Whether the endpoint took a command, and Discord the endpoint's answer."""
    if case is None or case.late_s:
        return False
    return case.deferred or not (case.final and case.final.failed)


def _judge_spending(
    user_id: str, asked: int, questions: int, attempts: int, store: Store, verdict: Verdict
) -> None:
    """A question is counted once in the use of the API, and is one request of the allowance."""
    calls, requests = store.ai_calls.get(user_id, 0), store.ai_requests.get(user_id, 0)
    if calls < asked:
        verdict.add("wrong", f"user {user_id} asked the AI {asked} times, counted {calls}")
    elif calls > attempts:
        verdict.add("duplicated", f"user {user_id} asked the AI {asked} times, counted {calls}")
    if requests < asked:
        verdict.add("wrong", f"user {user_id} asked the AI {asked} times and paid for {requests}")
    elif requests > questions:
        text = f"user {user_id} had {questions} questions for the AI and paid for {requests}"
        verdict.add("duplicated", text)


def _judge_games(
    sent: Iterable[Sent], cases: Mapping[str, Case], store: Store, verdict: Verdict
) -> None:
    """The words of a game are those that its player was shown as played, each once and in order."""
    words: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    begun: dict[str, bool] = {}
    for deed, _ in sent:
        case = cases.get(str(deed.body["id"]))
        final = case.final if case else None
        played = bool(case and not case.late_s and final and not final.failed)
        if deed.guessing_begins:
            begun[deed.user_id] = played
        elif deed.word:
            words[deed.user_id].append((deed.word, played))
    for user_id, guesses in words.items():
        figures = store.games.get(user_id)
        if figures is None:
            if begun.get(user_id):
                verdict.add("wrong", f"user {user_id}: the game that was begun is not there")
            continue
        _judge_game(user_id, guesses, figures, verdict)


def _judge_game(
    user_id: str, guesses: list[tuple[str, bool]], game: GameFigures, verdict: Verdict
) -> None:
    if len(set(game.guesses)) < len(game.guesses):
        verdict.add("duplicated", f"user {user_id}: a guess counts twice: {game.guesses}")
    order = [word for word, _ in guesses]
    end = order.index(game.answer) + 1 if game.answer in game.guesses else len(order)
    shown = [word for word, played in guesses[:end] if played]
    missing = [word for word in shown if word not in game.guesses]
    if missing:
        verdict.add("wrong", f"user {user_id}: shown as played, and not in the game: {missing}")
    if list(game.guesses) != [word for word in order if word in game.guesses]:
        verdict.add("wrong", f"user {user_id}: the game has other guesses: {game.guesses}")
    over = len(game.guesses) == 6 or game.answer in game.guesses
    if over != (game.status in {"won", "lost"}):
        verdict.add("wrong", f"user {user_id}: a game of {len(game.guesses)} is {game.status}")
    if game.played != int(over):
        kind = "duplicated" if game.played > int(over) else "wrong"
        verdict.add(kind, f"user {user_id}: {int(over)} games are over, counted {game.played}")

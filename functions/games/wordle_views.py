"""Replies that show Wordle. Every button carries what it needs, so that old ones answer too."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Protocol

from functions.games.wordle_game import Game, Mode, Move
from functions.games.wordle_notes import NO_DAILY
from functions.games.wordle_ports import Look, Seen
from functions.games.wordle_rules import ATTEMPTS, Mark, Marks
from functions.games.wordle_text import (
    PALETTE_NAMES,
    Palette,
    alt_text,
    ending,
    grid,
    pack,
    text_board,
    title,
)
from utilsbot.discord.components import Button, ButtonStyle, Row, row
from utilsbot.discord.custom_id import build
from utilsbot.i18n import N_, _
from utilsbot.reply import Embed, Field, File, Reply
from utilsbot.store.game_stats import GameStats, Standing

COMMAND = "wordle"
HARD = "hard"
_TOP = 10
MIN_WINS = 3
"""An average of fewer wins says nothing."""


class Pictures(Protocol):
    """functions.games.wordle_pictures.Pictures."""

    def board(
        self,
        words: Sequence[str],
        marks: Sequence[Marks],
        keys: Mapping[str, Mark],
        palette: Palette,
    ) -> bytes:
        """The board as a PNG."""

    def chart(self, scores: Mapping[int, int], palette: Palette, latest: int | None) -> bytes:
        """The distribution of guesses as a PNG."""


def game_view(
    seen: Seen, pictures: Pictures, *, now: float, public: bool, asking: bool = False
) -> Reply:
    """A game, or why there is none.

    Args:
        seen: what the move left.
        pictures: draws the board.
        now: epoch seconds.
        public: whether others see it: then what tells of the daily word is behind a spoiler.
        asking: whether the player is asked if they really give up.
    """
    game = seen.game
    if game is None:
        modes = [Mode.RANDOM] if seen.note == _(NO_DAILY) else list(Mode)
        return Reply(seen.note, rows=(row(*(_new_button(mode) for mode in modes)),))
    hidden = public and game.mode is Mode.DAILY
    name = title(game.mode, game.id)
    named = _("{game} · hard mode").format(game=name) if game.hard else name
    lines = [f"### {named}"]
    if seen.note:  # it may name letters or a guess
        lines.append(f"⚠️ ||{seen.note}||" if hidden else f"⚠️ {seen.note}")
    if game.over:
        lines += [ending(game, hidden=hidden), _summary(seen.stats, now), _next_daily(game, now)]
    elif asking:
        lines.append(_("**Give up?** It counts as a loss, and the word is shown."))
    else:
        until = _("ends by itself {moment}").format(moment=f"<t:{int(game.ends_at)}:R>")
        lines.append(f"{turn_title(len(game.guesses))} · {until}")
    files: tuple[File, ...] = ()
    if seen.look.text:
        board = text_board(game, seen.look.palette)
        lines.append(f"||{board}||" if hidden else board)
    else:
        files = (_board_file(game, pictures, seen.look.palette, hidden),)
    content = "\n".join(line for line in lines if line)
    return Reply(content, files=files, rows=(_rows(game, seen.look, asking, now),))


def turn_title(guesses: int) -> str:
    """Which guess is the next one."""
    return _("Guess {number} of {most}").format(number=guesses + 1, most=ATTEMPTS)


def _board_file(game: Game, pictures: Pictures, palette: Palette, hidden: bool) -> File:
    content = pictures.board(game.words, game.marks, game.keys, palette)
    name = "SPOILER_wordle.png" if hidden else "wordle.png"  # the prefix makes Discord blur it
    return File(name, content, "image/png", alt_text(game))


def _summary(stats: GameStats, now: float) -> str:
    if not stats.played:
        return ""
    streak = stats.tally(Mode.DAILY).streak_on(_today(now))
    return _("Played {played} · won {percent} · daily streak {streak}").format(
        played=stats.played, percent=_percent(stats.won, stats.played), streak=streak
    )


def _next_daily(game: Game, now: float) -> str:
    if game.mode is not Mode.DAILY:
        return ""
    if _is_of_the_past(game, now):
        return _("Today's word is ready.")
    return _("Next daily word {moment}").format(moment=f"<t:{int(game.ends_at)}:R>")


def _is_of_the_past(game: Game, now: float) -> bool:
    """Whether it is the daily of a day before, so that there is another one to play."""
    return game.mode is Mode.DAILY and now >= game.ends_at


def _rows(game: Game, look: Look, asking: bool, now: float) -> Row:
    where = (game.mode.value, game.id)
    if asking:
        return row(
            Button(_("Give up"), build(COMMAND, "end", *where), ButtonStyle.DANGER),
            Button(_("Keep playing"), build(COMMAND, "board", *where)),
        )
    if not game.over:
        guess = build(COMMAND, "ask", *where, len(game.guesses))
        return row(
            Button(_("Guess"), guess, ButtonStyle.PRIMARY),
            Button(_("Give up"), build(COMMAND, "quit", *where)),
        )
    buttons = [share_button(game, look.palette)] if game.guesses else []
    figures = Button(_("Statistics"), build(COMMAND, "figures"))
    modes = [Mode.DAILY, Mode.RANDOM] if _is_of_the_past(game, now) else [Mode.RANDOM]
    return row(*buttons, figures, *(_new_button(mode) for mode in modes))


def share_button(game: Game, palette: Palette) -> Button:
    """The button that posts a finished game's grid; the grid is in its custom id."""
    day = game.id if game.mode is Mode.DAILY else "-"
    how = (HARD if game.hard else "normal", palette.value)
    custom_id = build(COMMAND, "share", game.mode.value, day, *how, pack(game.marks))
    return Button(_("Share"), custom_id, ButtonStyle.SUCCESS)


def _new_button(mode: Mode) -> Button:
    label = _("Play the daily") if mode is Mode.DAILY else _("New random game")
    return Button(label, build(COMMAND, "new", mode.value))


def share_view(user_id: str, game: Game, palette: Palette) -> Reply:
    """The grid of a finished game."""
    return grid_view(user_id, game.mode, game.id, game.marks, hard=game.hard, palette=palette)


def grid_view(
    user_id: str, mode: Mode, day: str, marks: Sequence[Marks], *, hard: bool, palette: Palette
) -> Reply:
    """A spoiler-free grid, with a way in for whoever sees it."""
    shared = grid(title(mode, day), marks, hard, palette)
    return Reply(f"<@{user_id}> · {shared}", rows=(row(_new_button(mode)),))


def settings_view(look: Look, pictures: Pictures, *, saved: bool) -> Reply:
    """How boards look, with an example."""
    told = (
        _("Saved: board **{board}**, palette **{palette}**. An example:")
        if saved
        else _("Now: board **{board}**, palette **{palette}**. An example:")
    )
    kind = _("text") if look.text else _("image")
    content = told.format(board=kind, palette=_(PALETTE_NAMES[look.palette]))
    game = Game(Mode.RANDOM, "0", "prune", hard=False, touched_at=0)
    for word in ("slate", "purge"):
        game = game.guessed(word, Move("0", "0", 0))
    if look.text:
        return Reply(f"{content}\n{text_board(game, look.palette)}")
    return Reply(content, files=(_board_file(game, pictures, look.palette, hidden=False),))


def stats_view(
    user_id: str, stats: GameStats, look: Look, pictures: Pictures, now: float, latest: int | None
) -> Reply:
    """Somebody's figures and the chart of their guesses."""
    if not stats.played:
        told = _("{user} has not finished a game yet.")
        return Reply(told.format(user=f"<@{user_id}>"))
    scores = stats.scores
    daily, random = stats.tally(Mode.DAILY), stats.tally(Mode.RANDOM)
    average = sum(score * count for score, count in scores.items()) / max(stats.won, 1)
    best = min(scores, default=None)
    today = _today(now)
    chart = pictures.chart(scores, look.palette, latest)
    alt = _chart_in_words(scores, stats.played - stats.won)
    none = _("none yet")
    mean = _("{average} guesses").format(average=f"{average:.2f}") if stats.won else none
    least = _("{best} of {most}").format(best=best, most=ATTEMPTS) if best else none
    embed = Embed(
        title=_("Wordle statistics"),
        description=f"<@{user_id}>",
        fields=(
            Field(_("Played"), str(stats.played), inline=True),
            Field(_("Won"), f"{stats.won} ({_percent(stats.won, stats.played)})", inline=True),
            Field(_("Average"), mean, inline=True),
            Field(_("Best"), least, inline=True),
            Field(_("Daily streak"), _streak(daily.streak_on(today), daily.longest), inline=True),
            Field(_("Random streak"), _streak(random.streak, random.longest), inline=True),
        ),
        image="attachment://guesses.png",
    )
    return Reply(embeds=(embed,), files=(File("guesses.png", chart, "image/png", alt),))


def _chart_in_words(scores: Mapping[int, int], lost: int) -> str:
    won = ", ".join(
        _("{count} in {score}").format(count=count, score=score)
        for score, count in sorted(scores.items())
    )
    bars = _("Games won by number of guesses: {bars}.").format(bars=won or _("none"))
    losses = _("{count} lost.").format(count=lost)
    return f"{bars} {losses}"


_LEADERBOARDS = {
    "wins": N_("Wordle leaderboard by wins"),
    "streak": N_("Wordle leaderboard by streak"),
    "average": N_("Wordle leaderboard by average"),
}


def leaderboard_view(standings: Sequence[Standing], by: str, user_id: str, now: float) -> Reply:
    """The first players of a guild, and the caller's place."""
    today = _today(now)
    ranked = sorted(standings, key=lambda standing: _rank(standing, by, today))
    if by == "average":
        ranked = [standing for standing in ranked if standing.won >= MIN_WINS]
    if not ranked:
        return Reply(
            _("Nobody has finished enough games in this server yet. `/wordle play` begins.")
        )
    lines = [
        _place(place, standing, today) for place, standing in enumerate(ranked[:_TOP], start=1)
    ]
    own = next((at for at, s in enumerate(ranked, start=1) if s.user_id == user_id), 0)
    if own > _TOP:
        lines += ["…", _place(own, ranked[own - 1], today)]
    embed = Embed(
        title=_(_LEADERBOARDS[by]),
        description="\n".join(lines),
        footer=_("Games that ended in this server. The streak counts dailies on consecutive days."),
    )
    return Reply(embeds=(embed,))


def _rank(standing: Standing, by: str, today: int) -> tuple[float, ...]:
    average = standing.average if standing.average is not None else ATTEMPTS + 1
    streak = standing.streak_on(today)
    wins, least = -float(standing.won), float(standing.played)
    orders: Mapping[str, tuple[float, ...]] = {
        "wins": (wins, average, least),
        "streak": (-streak, wins, average),
        "average": (average, wins, least),
    }
    return (*orders[by], float(standing.user_id))


def _place(place: int, standing: Standing, today: int) -> str:
    medal = {1: "🥇", 2: "🥈", 3: "🥉"}.get(place, f"`{place:>2}`")
    average = f"{standing.average:.2f}" if standing.average is not None else _("none")
    return _(
        "{medal} {user} · **{won} of {played} won** · average {average} · streak {streak}"
    ).format(
        medal=medal,
        user=f"<@{standing.user_id}>",
        won=standing.won,
        played=standing.played,
        average=average,
        streak=standing.streak_on(today),
    )


def _streak(now: int, longest: int) -> str:
    return _("{now} (longest {longest})").format(now=now, longest=longest)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}%"


def _today(now: float) -> int:
    return datetime.fromtimestamp(now, UTC).toordinal()


def is_day(text: str) -> bool:
    """Whether a custom id's part is a day."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False

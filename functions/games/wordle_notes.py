"""What a move did not do, and why, in the player's language; Markdown."""

from collections.abc import Sequence

from functions.games.wordle_game import Game, Move
from functions.games.wordle_rules import ATTEMPTS, LENGTH, hard_mode_problem
from utilsbot.i18n import N_, _
from utilsbot.markdown import escape

NO_GAME = N_("You have no game under way.")
NO_DAILY = N_(
    "The daily word is not set up on this bot: whoever runs it has to give it a secret. "
    "Random games work."
)
REPLACED = N_("That game is over and gone; this is your latest one.")
OVER = N_("This game was over already.")


def no_word() -> str:
    """It can be no word at all."""
    told = _("A guess is one English word of {length} letters, A to Z.").format(length=LENGTH)
    return _free(told)


def tried(word: str) -> str:
    """It was guessed before."""
    return _free(_("You have tried **{word}** already.").format(word=word.upper()))


def not_listed(word: str) -> str:
    """It is no word that counts."""
    return _free(_("**{word}** is not on this game's word list.").format(word=word.upper()))


def against_hard_mode(word: str, earlier: Sequence[str], answer: str) -> str | None:
    """It leaves a hint unused; None if it does not."""
    problem = hard_mode_problem(word, earlier, answer)
    return _free(_("Hard mode: {problem}").format(problem=problem)) if problem else None


def resumed(game: Game, move: Move, hard: bool) -> str:
    """The game that runs is not of the kind that was asked for; empty if it is."""
    if game.over or game.id == move.id or hard == game.hard:
        return ""
    if not hard:
        return _("This game was begun in hard mode and goes on in it.")
    return _("This game was begun without hard mode; the next one can have it.")


def late(game: Game, word: str, turn: int | None) -> str | None:
    """The form was opened before another guess was made; None if it was not."""
    if turn is None or turn == len(game.guesses):
        return None
    return _(
        "**{word}** was not played: its form was opened for guess {opened}, and the game is at "
        "guess {now} of {most}."
    ).format(
        word=escape(word[:20].upper()), opened=turn + 1, now=len(game.guesses) + 1, most=ATTEMPTS
    )


def _free(told: str) -> str:
    free = _("It cost nothing; try another.")
    return f"{told} {free}"

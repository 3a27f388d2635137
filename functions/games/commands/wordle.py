"""/wordle: find a five-letter word in six guesses; one daily and one random game at a time."""

from functions.games.wordle_calls import check, is_on_public, is_public, move_of
from functions.games.wordle_game import Mode
from functions.games.wordle_play import Wordle
from functions.games.wordle_rules import ATTEMPTS, LENGTH
from functions.games.wordle_text import Palette, rules, unpack
from functions.games.wordle_views import (
    HARD,
    MIN_WINS,
    Pictures,
    game_view,
    grid_view,
    is_day,
    leaderboard_view,
    settings_view,
    share_button,
    share_view,
    stats_view,
    turn_title,
)
from utilsbot.context import Context
from utilsbot.discord.components import Modal, TextInput, row
from utilsbot.discord.custom_id import build
from utilsbot.errors import UnknownCommand, UserError
from utilsbot.i18n import _
from utilsbot.reply import Embed, Reply
from utilsbot.spec import (
    Ack,
    Action,
    Choice,
    Command,
    Cooldown,
    InteractionContext,
    Option,
    OptionType,
    Subcommand,
    Visibility,
)

_WORD = "word"
_MODES = (
    Choice("daily: everybody's word of the day", Mode.DAILY.value),
    Choice("random: as often as you like", Mode.RANDOM.value),
)

SPEC = Command(
    name="wordle",
    summary=f"Find the word in {ATTEMPTS} guesses: everybody's daily word, or a random one",
    subcommands=(
        Subcommand(
            "play",
            "Begin a game, or go on with yours",
            (
                Option("mode", "Which word (default: daily)", default="daily", choices=_MODES),
                Option(
                    "hard",
                    "Every hint has to be used in the next guesses (default: no)",
                    OptionType.BOOLEAN,
                    default=False,
                ),
            ),
        ),
        Subcommand(
            "guess",
            "Guess a word; what is not on the word list costs nothing",
            (
                Option(
                    "word",
                    f"{LENGTH} letters",
                    required=True,
                    min_length=LENGTH,
                    max_length=LENGTH,
                ),
                Option("mode", "Of which game (default: the one you play)", choices=_MODES),
            ),
        ),
        Subcommand(
            "stats",
            "Games played, won, streaks, and how many guesses they took",
            (Option("user", "Whose (default: yours)", OptionType.USER),),
        ),
        Subcommand(
            "leaderboard",
            "Who is best in this server",
            (
                Option(
                    "by",
                    "What counts (default: wins)",
                    default="wins",
                    choices=(
                        Choice("wins", "wins"),
                        Choice("daily streak", "streak"),
                        Choice(f"average guesses (from {MIN_WINS} wins)", "average"),
                    ),
                ),
            ),
            visibility=Visibility.PUBLIC_UNLESS_PRIVATE,
        ),
        Subcommand(
            "share",
            "The squares of your last finished game, without the letters",
            (Option("mode", "Which game (default: the latest)", choices=_MODES),),
            visibility=Visibility.PUBLIC_UNLESS_PRIVATE,
        ),
        Subcommand("rules", "How the game goes"),
        Subcommand(
            "settings",
            "How your boards look",
            (
                Option(
                    "board",
                    "Drawn, or in text",
                    choices=(Choice("image", "image"), Choice("text", "text")),
                ),
                Option(
                    "palette",
                    "The colours",
                    choices=(
                        Choice("classic: green and yellow", Palette.CLASSIC.value),
                        Choice("high contrast: orange and blue", Palette.CONTRAST.value),
                    ),
                ),
            ),
        ),
    ),
    actions=(
        Action("ask", Ack.MODAL),
        Action("word", Ack.UPDATE),
        Action("quit", Ack.UPDATE),
        Action("end", Ack.UPDATE),
        Action("board", Ack.UPDATE),
        Action("share", Ack.WORK, private=False, cools_down=True),
        Action("figures", Ack.WORK),
        Action("new", Ack.WORK, owner_only=False, cools_down=True),
    ),
    visibility=Visibility.PRIVATE_UNLESS_SHARED,
    cooldown=Cooldown(12, 60),
    help=(
        "The daily word is the same for everybody and changes at midnight UTC; random games are "
        "yours alone and end 24 hours after the last move. You have one of each at a time, in any "
        "server or direct message; calling the command again goes on with it.\n"
        "Words that are not on the list, repeats and broken hard mode cost nothing. A game that is "
        "given up, or left behind after its first guess, counts as a loss. Games that end in a "
        "server count on its leaderboard. `private:false` shows the game to everyone here; a daily "
        "board is then behind a spoiler."
    ),
    replayable=True,
    examples=(
        "/wordle play",
        "/wordle play mode:random hard:true",
        "/wordle guess word:crane",
        "/wordle stats",
        "/wordle leaderboard by:streak",
        "/wordle settings board:text palette:contrast",
    ),
)


def run_play(ctx: Context, *, mode: str, hard: bool, wordle: Wordle, pictures: Pictures) -> Reply:
    """A new game, or the one that runs."""
    seen = wordle.start(move_of(ctx), Mode(mode), hard=hard)
    return game_view(seen, pictures, now=ctx.now, public=is_public(ctx))


def run_guess(
    ctx: Context, *, word: str, mode: str | None, wordle: Wordle, pictures: Pictures
) -> Reply:
    """The board after a guess."""
    seen = wordle.guess(move_of(ctx), word, mode=Mode(mode) if mode else None)
    return game_view(seen, pictures, now=ctx.now, public=is_public(ctx))


def run_stats(ctx: Context, *, user: str | None, wordle: Wordle, pictures: Pictures) -> Reply:
    """Figures; asking for one's own also ends a game whose time is over."""
    seen = wordle.last_finished(move_of(ctx))
    own = user in {None, ctx.user.id}
    stats = seen.stats if own else wordle.stats_of(str(user))
    latest = seen.game.won_in if own and seen.game else None
    whose = ctx.user.id if own else str(user)
    return stats_view(whose, stats, seen.look, pictures, ctx.now, latest)


def run_leaderboard(ctx: Context, *, by: str, wordle: Wordle) -> Reply:
    """The best of the server."""
    if ctx.guild_id is None or ctx.interaction.context not in {None, InteractionContext.GUILD}:
        raise UserError(_("A leaderboard belongs to a server; there is none here."))
    return leaderboard_view(wordle.leaderboard(ctx.guild_id), by, ctx.user.id, ctx.now)


def run_share(ctx: Context, *, mode: str | None, wordle: Wordle) -> Reply:
    """The grid of the last finished game; a private one can be posted by its button."""
    seen = wordle.last_finished(move_of(ctx), Mode(mode) if mode else None, guessed=True)
    game = seen.game
    if game is None:
        raise UserError(_("Finish a game first; then its squares can be shared."))
    shared = share_view(ctx.user.id, game, seen.look.palette)
    if ctx.private:
        return shared._replace(rows=(row(share_button(game, seen.look.palette)),))
    return shared


def run_rules(ctx: Context) -> Reply:  # noqa: ARG001
    """The rules."""
    return Reply(embeds=(Embed(_("How to play Wordle"), rules()),))


def run_settings(
    ctx: Context, *, board: str | None, palette: str | None, wordle: Wordle, pictures: Pictures
) -> Reply:
    """Remembers how boards look, and shows it."""
    chosen = {"board": board, "palette": palette}
    preferences = {name: value for name, value in chosen.items() if value}
    if preferences:
        wordle.prefer(move_of(ctx), preferences)
    return settings_view(wordle.last_finished(move_of(ctx)).look, pictures, saved=bool(preferences))


def on_ask(ctx: Context, mode: str, game_id: str, turn: str) -> Modal:  # noqa: ARG001
    """The form for a guess."""
    check(mode, game_id, turn)
    word = TextInput(
        _WORD,
        _("Your word"),
        description=_("{length} letters. A word that is not on the list costs nothing.").format(
            length=LENGTH
        ),
        min_length=LENGTH,
        max_length=LENGTH,
    )
    title = turn_title(int(turn))
    return Modal(title, build("wordle", "word", mode, game_id, turn), (word,))


def on_word(
    ctx: Context, mode: str, game_id: str, turn: str, *, wordle: Wordle, pictures: Pictures
) -> Reply:
    """The board after the guess of a form."""
    check(mode, game_id, turn)
    word = ctx.fields.get(_WORD, "")
    seen = wordle.guess(move_of(ctx), word, mode=Mode(mode), game_id=game_id, turn=int(turn))
    return game_view(seen, pictures, now=ctx.now, public=is_on_public(ctx))


def on_quit(ctx: Context, mode: str, game_id: str, *, wordle: Wordle, pictures: Pictures) -> Reply:
    """Asks before a game is given up."""
    check(mode, game_id)
    seen = wordle.look_at(move_of(ctx), Mode(mode), game_id)
    return game_view(seen, pictures, now=ctx.now, public=is_on_public(ctx), asking=not seen.note)


def on_end(ctx: Context, mode: str, game_id: str, *, wordle: Wordle, pictures: Pictures) -> Reply:
    """Gives a game up."""
    check(mode, game_id)
    seen = wordle.give_up(move_of(ctx), Mode(mode), game_id)
    return game_view(seen, pictures, now=ctx.now, public=is_on_public(ctx))


def on_board(ctx: Context, mode: str, game_id: str, *, wordle: Wordle, pictures: Pictures) -> Reply:
    """The board as it is."""
    check(mode, game_id)
    seen = wordle.look_at(move_of(ctx), Mode(mode), game_id)
    return game_view(seen, pictures, now=ctx.now, public=is_on_public(ctx))


def on_share(ctx: Context, mode: str, day: str, how: str, palette: str, code: str) -> Reply:
    """Posts the grid that the button carries, whether or not the game is still stored."""
    marks = unpack(code)
    known = mode in set(Mode) and palette in set(Palette) and (day == "-" or is_day(day))
    if not known or not marks:
        raise UnknownCommand
    return grid_view(
        ctx.user.id, Mode(mode), day, marks, hard=how == HARD, palette=Palette(palette)
    )


def on_figures(ctx: Context, *, wordle: Wordle, pictures: Pictures) -> Reply:
    """The player's own figures."""
    return run_stats(ctx, user=None, wordle=wordle, pictures=pictures)


def on_new(ctx: Context, mode: str, *, wordle: Wordle, pictures: Pictures) -> Reply:
    """A game for whoever pressed the button."""
    if mode not in set(Mode):
        raise UnknownCommand
    seen = wordle.start(move_of(ctx), Mode(mode), hard=False)
    return game_view(seen, pictures, now=ctx.now, public=False)

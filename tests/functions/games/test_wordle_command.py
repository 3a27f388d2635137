"""/wordle as its users meet it: commands, buttons, forms, boards."""

import re
from datetime import UTC, datetime

import pytest

from functions.games.commands.wordle import SPEC
from functions.games.wordle_game import DAY_S
from functions.games.wordle_play import Wordle
from functions.games.wordle_words import WordLists
from tests.contract.discord_schema import assert_registration
from tests.fakes import FakeClock
from tests.functions.games.player import CATALOG, SECRET, Player
from tests.interactions import OTHER_USER_ID, command_interaction, component_interaction
from utilsbot.discord.registration import registration
from utilsbot.errors import BadInput, UnknownCommand, UserError
from utilsbot.reply import Reply
from utilsbot.spec import OptionType

OPENERS = ("slate", "crony", "audio", "pitch", "bumpy", "fjord", "vixen")


def answer(player: Player) -> str:
    """Today's word."""
    day = datetime.fromtimestamp(player.clock.seconds, UTC).date()
    return WordLists().daily(day, SECRET)


def lose(player: Player) -> Reply:
    """Six wrong guesses at the daily."""
    words = [word for word in OPENERS if word != answer(player)][:6]
    return [player.guess(word) for word in words][-1]


def test_a_whole_game_by_button_and_form(player: Player) -> None:
    """Play, guess, win; the board is a picture with its words as alternative text."""
    begun = player.command("play")
    assert "Guess 1 of 6" in begun.content
    assert set(player.buttons) == {"Guess", "Give up"}
    player.guess("slate")
    won = player.guess(answer(player))
    (file,) = won.files
    assert file.name == "wordle.png"
    assert "Guess 1, SLATE" in file.description
    assert f"**{answer(player).upper()}** in 2 guesses" in won.content
    assert "Played 1 · won 100% · daily streak 1" in won.content
    assert set(player.buttons) == {"Share", "Statistics", "New random game"}


def test_a_loss_shows_the_word(player: Player) -> None:
    """After the sixth guess."""
    player.command("play")
    assert f"The word was **{answer(player).upper()}**" in lose(player).content


def test_giving_up_asks_first(player: Player) -> None:
    """It says that it counts as a loss; one can think again."""
    player.command("play")
    player.press("Give up")
    assert "It counts as a loss" in player.last.content
    assert set(player.buttons) == {"Give up", "Keep playing"}
    assert player.stats.played == 0
    player.press("Keep playing")
    player.press("Give up")
    assert "Given up" in player.press("Give up").content
    assert (player.stats.played, player.stats.won) == (1, 0)


def test_the_form_names_its_turn(player: Player) -> None:
    """Five letters, and which guess it is."""
    player.command("play")
    player.guess("slate")
    form = player.form("Guess")
    assert form.title == "Guess 2 of 6"
    (field,) = form.payload()["components"]
    assert (field["component"]["min_length"], field["component"]["max_length"]) == (5, 5)


def test_two_forms_that_are_open_at_once(player: Player) -> None:
    """The second one is not played, and the board shows why."""
    player.command("play")
    first, second = player.form("Guess"), player.form("Guess")
    player.submit(first, "slate")
    assert "⚠️ **CRONY** was not played" in player.submit(second, "crony").content


def test_the_guess_command_plays_too(player: Player) -> None:
    """Without a button; without a game it offers one."""
    assert "no game under way" in player.command("guess", word="slate").content
    assert set(player.buttons) == {"Play the daily", "New random game"}
    player.press("Play the daily")
    assert "Guess 2 of 6" in player.command("guess", word="SLATE").content
    with pytest.raises(BadInput):
        player.command("guess", word="toolong")


def test_a_public_daily_is_behind_a_spoiler(player: Player) -> None:
    """Others in the channel are not told the day's letters, in picture or text."""
    player.command("play", private=False)
    assert player.last.files[0].name.startswith("SPOILER_")
    assert f"||{answer(player).upper()}||" in player.guess(answer(player)).content
    player.command("settings", board="text")
    player.command("play", private=False)
    assert "||🟩🟩🟩🟩🟩" in player.last.content
    player.command("play", mode="random", private=False)
    assert "||" not in player.last.content


def test_a_public_daily_hides_what_its_notes_tell(player: Player) -> None:
    """Hints, words that were tried, and what was typed into a form, even if it has bars in it."""
    player.command("play", hard=True, private=False)
    tried = next(word for word in OPENERS if set(word) & set(answer(player)))
    first, second = player.form("Guess"), player.form("Guess")
    player.submit(first, tried)
    assert in_sight(player.submit(second, "ab||c")).endswith("⚠️ ")
    unused = next(word for word in ("fuzzy", *OPENERS) if not set(word) & set(tried))
    for word, told in ((unused, "Hard mode"), (tried, "have tried"), ("zzzzz", "word list")):
        public = player.command("guess", word=word, private=False)
        assert told in public.content
        assert in_sight(public).endswith("⚠️ ")
        assert "||" not in player.command("guess", word=word).content


def in_sight(reply: Reply) -> str:
    """What a public message shows above the line with the turn without a click."""
    above = reply.content.partition("\nGuess ")[0]
    return re.sub(r"\|\|.+?\|\|", "", above, flags=re.DOTALL)


def test_what_was_typed_is_no_markdown(player: Player) -> None:
    """A note repeats it as it was typed."""
    player.command("play")
    first, second = player.form("Guess"), player.form("Guess")
    player.submit(first, "slate")
    assert r"**\*A\_B\*** was not played" in player.submit(second, "*a_b*").content


def test_after_midnight_the_next_daily_is_offered(player: Player) -> None:
    """Until then its time is told; a finished game that is shown again leads to today's."""
    player.command("play")
    midnight = (int(player.clock.seconds) // DAY_S + 1) * DAY_S
    assert f"Next daily word <t:{midnight}:R>" in player.guess(answer(player)).content
    assert "Play the daily" not in player.buttons
    player.clock.advance(midnight - player.clock.seconds)
    assert "Today's word is ready." in player.command("guess", word="slate").content
    assert set(player.buttons) == {"Share", "Statistics", "Play the daily", "New random game"}
    assert "Guess 1 of 6" in player.press("Play the daily").content


def test_a_button_of_an_older_game_does_not_give_up_the_new_one(player: Player) -> None:
    """It shows the new game with a note and asks nothing."""
    player.command("play", mode="random")
    older = player.last
    player.clock.advance(DAY_S)
    player.command("play", mode="random")
    player.last = older
    assert "this is your latest one" in player.press("Give up").content
    assert "Guess 1 of 6" in player.last.content
    assert set(player.buttons) == {"Guess", "Give up"}


def test_nothing_is_hidden_in_direct_messages(wordle: Wordle, fake_clock: FakeClock) -> None:
    """There is nobody else; the game is the same one as in a server."""
    player = Player(wordle, fake_clock, guild_id=None)
    player.command("play", private=False)
    assert player.last.files[0].name == "wordle.png"
    assert Player(wordle, fake_clock).command("play").content == player.last.content
    with pytest.raises(UserError, match="belongs to a server"):
        player.command("leaderboard")


def test_settings_last(player: Player) -> None:
    """Text and palette are remembered, and shown without a change."""
    player.command("settings", board="text", palette="contrast")
    assert "🟧" in player.last.content
    player.command("play")
    assert not player.last.files
    assert "⬜⬜⬜⬜⬜" in player.last.content
    assert "Now: board **text**, palette **contrast**" in player.command("settings").content
    player.command("settings", board="image")
    assert player.command("settings").files


def test_sharing_posts_squares_only(player: Player) -> None:
    """The command posts them; asked privately, it shows them first, and a button posts them."""
    with pytest.raises(UserError, match="Finish a game first"):
        player.command("share")
    player.command("play", hard=True)
    word = answer(player)
    player.guess(word)
    public = player.command("share")
    private = player.command("share", private=True)
    posted = player.press("Share")
    assert public.content == private.content == posted.content
    assert "Share" not in str(public.rows)
    assert posted.content.endswith("1/6*\n🟩🟩🟩🟩🟩")
    assert word not in posted.content.lower()
    share = next(action for action in SPEC.actions if action.name == "share")
    assert not share.private


def test_a_game_without_a_guess_does_not_hide_an_older_one_to_share(player: Player) -> None:
    """Of the finished games the latest that has squares is shared."""
    player.command("play")
    player.guess(answer(player))
    player.clock.advance(1)
    player.command("play", mode="random")
    player.press("Give up")
    player.press("Give up")
    assert "Daily Wordle" in player.command("share").content
    with pytest.raises(UserError, match="Finish a game first"):
        player.command("share", mode="random")


def test_an_old_share_button_needs_no_store(player: Player) -> None:
    """It carries its grid, so it works when the game is long gone; a forged one is refused."""
    custom_id = "wordle/share/daily/2020-01-01/normal/contrast/00f2"
    posted = player.send(component_interaction(custom_id))
    assert "**Daily Wordle, 1 January 2020** 2/6\n⬛⬛⬛⬛⬛\n🟧🟧🟧🟧🟧" in posted.content
    for bad in ("daily/x/normal/classic/00", "daily/-/normal/blue/00", "daily/-/normal/classic/ff"):
        with pytest.raises(UnknownCommand):
            player.send(component_interaction(f"wordle/share/{bad}"))


@pytest.mark.parametrize(
    "custom_id",
    [
        "wordle/quit/weekly/1",
        "wordle/quit/daily/tomorrow",
        "wordle/ask/random/1/6",
        "wordle/ask/random/x/0",
        "wordle/new/weekly",
        "wordle/end/daily",
    ],
)
def test_forged_buttons_are_refused(player: Player, custom_id: str) -> None:
    """Whatever a custom id says is checked."""
    with pytest.raises(UnknownCommand):
        player.answer(component_interaction(custom_id))


def test_others_start_their_own_game_from_a_shared_grid(
    player: Player, wordle: Wordle, fake_clock: FakeClock
) -> None:
    """The button on a shared grid is for everybody, and its game is private."""
    player.command("play")
    player.guess(answer(player))
    player.press("Share")
    other = Player(wordle, fake_clock, OTHER_USER_ID)
    other.last = player.last
    begun = other.press("Play the daily")
    assert "Guess 1 of 6" in begun.content
    assert begun.files[0].name == "wordle.png"


def test_statistics_of_oneself_and_others(
    player: Player, wordle: Wordle, fake_clock: FakeClock
) -> None:
    """Figures in fields, the distribution as a chart with its words."""
    assert "has not finished a game" in player.command("stats").content
    player.command("play")
    player.guess("slate")
    player.guess(answer(player))
    embed = player.press("Statistics").embeds[0]
    fields = {field.name: field.value for field in embed.fields}
    assert fields == {
        "Played": "1",
        "Won": "1 (100%)",
        "Average": "2.00 guesses",
        "Best": "2 of 6",
        "Daily streak": "1 (longest 1)",
        "Random streak": "0 (longest 0)",
    }
    assert player.last.files[0].description.startswith("Games won by number of guesses: 1 in 2.")
    other = Player(wordle, fake_clock, OTHER_USER_ID)
    assert "has not finished" in other.command("stats").content
    whose = {"name": "user", "type": int(OptionType.USER), "value": player.user_id}
    body = command_interaction("wordle", "stats", user_id=OTHER_USER_ID)
    body["data"]["options"][0]["options"] = [whose]
    assert other.send(body).embeds[0].fields == embed.fields


def test_the_leaderboard_ranks_and_shows_ones_own_place(
    wordle: Wordle, fake_clock: FakeClock
) -> None:
    """Ten places, then the caller's; wins, then the better average."""
    players = [Player(wordle, fake_clock, f"3000000000000000{at:02}") for at in range(10, 23)]
    assert "Nobody has finished" in players[0].command("leaderboard").content
    for at, player in enumerate(players):
        player.command("play")
        for word in [word for word in OPENERS if word != answer(player)][: at % 2]:
            player.guess(word)
        if at == 12:
            player.press("Give up")
            player.press("Give up")
        else:
            player.guess(answer(player))
    board = players[12].command("leaderboard", by="streak").embeds[0].description
    lines = board.splitlines()
    assert lines[0].startswith("🥇 <@300000000000000010> · **1 of 1 won** · average 1.00")
    assert len(lines) == 12
    assert lines[-1] == "`13` <@300000000000000022> · **0 of 1 won** · average none · streak 0"
    by_average = players[0].command("leaderboard", by="average").content
    assert "Nobody has finished enough games" in by_average


def test_the_rules_are_told(player: Player) -> None:
    """They name hard mode, time limits and what counts as a loss."""
    text = player.command("rules").embeds[0].description
    for word in ("hard mode", "midnight UTC", "24 hours", "counts as a loss"):
        assert word in text


def test_the_registration_is_one_that_discord_takes() -> None:
    """The spec as JSON passes every limit of Discord's."""
    (body,) = registration(command.spec for command in CATALOG)
    assert_registration([body])

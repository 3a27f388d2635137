"""/unshorten: where a link leads, hop by hop, without opening it oneself."""

from typing import Protocol

from functions.network.chain_embed import chain_embed
from functions.network.expansion import MAX_HOPS, Expansion
from utilsbot.context import Context
from utilsbot.i18n import DEFAULT
from utilsbot.meter import Meter
from utilsbot.reply import Reply
from utilsbot.spec import Command, Cooldown, Option, Visibility

SPEC = Command(
    name="unshorten",
    summary="Where a link leads: every redirect, the final address and its title",
    options=(
        Option(
            "url",
            "The link; without http:// or https:// it means https",
            required=True,
            min_length=3,
            max_length=2048,
        ),
    ),
    visibility=Visibility.PUBLIC_UNLESS_PRIVATE,
    cooldown=Cooldown(5, 60),
    help=(
        f"Follows up to {MAX_HOPS} redirects from the bot's side and shows each address with its "
        "status, the final page's title, and what is remarkable: alphabets mixed in a host name, "
        "names that look like others, unencrypted steps, long chains. A link that is dead and one "
        "that runs in a circle are told apart.\n"
        "Only public web addresses on ports 80 and 443 are opened, and no link with a user name or "
        "password in it. It cannot tell whether a page is honest.\n"
        "For every link of a message: right-click it, **Apps**, **Expand links**."
    ),
    replayable=True,
    examples=("/unshorten url:https://bit.ly/3xyzabc", "/unshorten url:t.co/abc private:true"),
)


class Chains(Protocol):
    """Follows links."""

    def expand(
        self, text: str, meter: Meter, *, option: str | None = None, language: str = DEFAULT
    ) -> Expansion:
        """Where a link leads.

        Raises:
            BadInput: it may not be opened at all.
        """


def run(ctx: Context, *, url: str, chains: Chains, meter: Meter) -> Reply:
    """The chain of the link that was given."""
    expansion = chains.expand(url, meter, option="url", language=ctx.language)
    return Reply(embeds=(chain_embed(expansion),))

"""What a command is, as frozen data.

Every reader of a command (registration, routing, gate, help, docs, the page, the tests) reads this
and nothing else. Texts are English here; their translations are looked up by them (utilsbot.i18n).

NamedTuples and not dataclasses: importing dataclasses costs a cold start about 30 ms of CPU
(docs/decisions/0002).
"""

from enum import Enum, IntEnum
from typing import NamedTuple


class Ack(Enum):
    """How an interaction gets its first answer, which Discord wants within 3 s."""

    WORK = "work"
    """Deferred with a new message ("thinking…"); the group's Lambda sends the reply."""
    REPLY = "reply"
    """Answered by the front door at once."""
    MODAL = "modal"
    """Answered by the front door with a modal, which can never follow a deferral."""
    UPDATE = "update"
    """Deferred without a trace; the group's Lambda edits the message that the component is on."""


class Visibility(Enum):
    """Who sees the reply. Decided at the acknowledgement: Discord never lets it change later."""

    PRIVATE = "private"
    """Always and only the caller."""
    PUBLIC = "public"
    """Always everyone in the channel."""
    PRIVATE_UNLESS_SHARED = "private_unless_shared"
    """The caller, unless they give `private:false`; the option is added by the registration."""
    PUBLIC_UNLESS_PRIVATE = "public_unless_private"
    """Everyone, unless the caller gives `private:true`; the option is added by the registration."""

    @property
    def has_option(self) -> bool:
        """Whether callers choose by the `private` option."""
        return self in (Visibility.PRIVATE_UNLESS_SHARED, Visibility.PUBLIC_UNLESS_PRIVATE)

    @property
    def private_by_default(self) -> bool:
        """Whether the reply is private when the caller says nothing."""
        return self in (Visibility.PRIVATE, Visibility.PRIVATE_UNLESS_SHARED)


class Access(Enum):
    """Who may use a command, checked on our side at every use."""

    EVERYONE = "everyone"
    """Anyone who is not blacklisted, a closed beta or not."""
    USERS = "users"
    """Anyone; in a closed beta, whitelisted users and guilds only."""
    DEVELOPERS = "developers"
    """The ids in DEVELOPER_IDS."""


class CommandType(IntEnum):
    """Discord's application command types."""

    CHAT_INPUT = 1
    USER = 2
    MESSAGE = 3


class OptionType(IntEnum):
    """Discord's application command option types, less the nesting ones."""

    STRING = 3
    INTEGER = 4
    BOOLEAN = 5
    USER = 6
    CHANNEL = 7
    ROLE = 8
    MENTIONABLE = 9
    NUMBER = 10
    ATTACHMENT = 11


class InteractionContext(IntEnum):
    """Where a command can be used."""

    GUILD = 0
    BOT_DM = 1
    PRIVATE_CHANNEL = 2


class Integration(IntEnum):
    """How the app was installed."""

    GUILD_INSTALL = 0
    USER_INSTALL = 1


class Choice(NamedTuple):
    """One value that an option offers."""

    name: str
    """1 to 100 characters, shown to the user."""
    value: str | int | float
    """At most 100 characters if text; what the command receives."""


class Option(NamedTuple):
    """One option of a command; `run` receives it under its name."""

    name: str
    """1 to 32 characters, lower case."""
    summary: str
    """1 to 100 characters."""
    type: OptionType = OptionType.STRING
    required: bool = False
    default: str | int | float | bool | None = None
    """What `run` receives when the caller leaves the option out."""
    choices: tuple[Choice, ...] = ()
    min_value: int | float | None = None
    max_value: int | float | None = None
    min_length: int | None = None
    max_length: int | None = None
    """At most 6000 characters; text only."""
    autocomplete: bool = False
    """`complete_<name>(ctx, partial)` of the module suggests values; `run` checks them."""


class Subcommand(NamedTuple):
    """One subcommand; `run_<name>` of the module answers it."""

    name: str
    summary: str
    options: tuple[Option, ...] = ()
    visibility: Visibility | None = None
    """Instead of the command's own."""


class Cooldown(NamedTuple):
    """A rate per user and command: a burst of `uses`, then one every `per_s / uses` seconds."""

    uses: int
    per_s: int


class Action(NamedTuple):
    """What a button, a select or a modal of the command does: `on_<name>` of the module answers it.

    The custom id's further parts arrive as positional text arguments; a select's values as
    `ctx.values`, a modal's inputs as `ctx.fields`.
    """

    name: str
    ack: Ack
    private: bool = True
    """With Ack.WORK and Ack.REPLY: whether the new message is private."""
    owner_only: bool = True
    """Only the user whose command the message answers may use it."""
    cools_down: bool = False
    """Whether each use counts to the command's cooldown."""


ANYWHERE = (
    InteractionContext.GUILD,
    InteractionContext.BOT_DM,
    InteractionContext.PRIVATE_CHANNEL,
)
ANY_INSTALL = (Integration.GUILD_INSTALL, Integration.USER_INSTALL)

PRIVATE_OPTION = "private"
"""The option that Visibility adds; commands never declare it."""


class Command(NamedTuple):
    """One application command. Its group is the package that its module lives in."""

    name: str
    """Slash: 1 to 32 characters, lower case. User and message commands: mixed case and spaces."""
    summary: str
    """1 to 100 characters: Discord's description."""
    type: CommandType = CommandType.CHAT_INPUT
    options: tuple[Option, ...] = ()
    subcommands: tuple[Subcommand, ...] = ()
    """Instead of options. The first one also answers a call that names none."""
    actions: tuple[Action, ...] = ()
    ack: Ack = Ack.WORK
    visibility: Visibility = Visibility.PUBLIC_UNLESS_PRIVATE
    access: Access = Access.USERS
    cooldown: Cooldown | None = None
    contexts: tuple[InteractionContext, ...] = ANYWHERE
    integrations: tuple[Integration, ...] = ANY_INSTALL
    permissions: int | None = None
    """Discord permission bits that a member needs by default; None: nothing special."""
    requires: tuple[str, ...] = ()
    """Features (settings' names) without which the command is hidden and says "not configured"."""
    help: str = ""
    """Markdown for /help and the docs: what it does, what it never does."""
    examples: tuple[str, ...] = ()
    """Whole command lines, as `utilsbot send` takes them."""
    replayable: bool = False
    """Whether a call that failed for good may be kept, sealed, for the minutes in which an operator
    can run it again (docs/failed.md). Never where users type secrets; forms never are kept."""

    @property
    def slug(self) -> str:
        """The name of the command's module, which custom ids carry too."""
        return self.name.lower().replace(" ", "_").replace("-", "_")

    def subcommand(self, name: str | None) -> Subcommand | None:
        """The subcommand of that name, or the first one for None; None if there is no such."""
        if name is None:
            return self.subcommands[0] if self.subcommands else None
        return next((sub for sub in self.subcommands if sub.name == name), None)

    def action(self, name: str) -> Action | None:
        """The action of that name, or None."""
        return next((action for action in self.actions if action.name == name), None)


def private_option(visibility: Visibility) -> Option:
    """The `private` option that a chooseable visibility adds to a command."""
    default = visibility.private_by_default
    summary = (
        "Only you see the answer (default: yes)"
        if default
        else "Only you see the answer (default: no)"
    )
    return Option(PRIVATE_OPTION, summary, OptionType.BOOLEAN, default=default)

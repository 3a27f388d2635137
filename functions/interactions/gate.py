"""Who may pass: decided in front, so that a refusal is immediate, private and costs nothing."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from utilsbot.catalog import CommandModule
from utilsbot.discord.interaction import Interaction
from utilsbot.errors import CoolingDown, Refused, UserError
from utilsbot.i18n import COMMAND_NAME, N_, _, language_of, pgettext, speak
from utilsbot.routing import Call
from utilsbot.spec import Access, Command
from utilsbot.store.admissions import Admissions, Caller, Switches, Verdict
from utilsbot.store.guild_settings import GuildSettings

FRONT_DOOR = "interactions"
"""The group that is answered here; every other one has a worker."""


class Entrance(NamedTuple):
    """How a call passes."""

    verdict: Verdict
    private: bool
    """Whether only the caller sees the answer, preferences and the guild's settings considered."""
    language: str
    """What it is answered in: one of utilsbot.i18n.LANGUAGES."""
    first_today: bool
    guild: GuildSettings


class Gate:
    """Checks access, switches and rates."""

    def __init__(
        self,
        admissions: Admissions,
        *,
        developers: frozenset[str],
        closed_beta: bool,
        features: frozenset[str] = frozenset(),
    ) -> None:
        """Puts a gate together.

        Args:
            admissions: the store.
            developers: ids who pass every switch and rate.
            closed_beta: the setting, which a switch may override.
            features: what is configured; commands that require more are not listed.
        """
        self._admissions = admissions
        self._developers = developers
        self._closed_beta = closed_beta
        self._features = features

    def is_developer(self, interaction: Interaction) -> bool:
        """Whether the caller is one of DEVELOPER_IDS."""
        return interaction.user.id in self._developers

    def authorize(self, interaction: Interaction, call: Call) -> None:
        """The checks that need no store.

        What is refused here, or by a switch, is told in the language of the caller's Discord: what
        they chose in /preferences comes with the admission's write, which a refusal never costs.

        Raises:
            Refused: developers only, a missing permission, or somebody else's button.
        """
        spec = call.command.spec
        if self.is_developer(interaction):
            return
        if spec.access is Access.DEVELOPERS:
            text = _("This command is for the bot's developers. `/help` lists what you may use.")
            raise Refused("developers_only", text)
        if not _permitted(interaction, spec):
            raise Refused("permission", _lacking(spec))
        if call.action and call.action.owner_only:
            _check_owner(interaction, spec)

    def admit(self, interaction: Interaction, call: Call) -> Entrance:
        """Lets a call pass, noting it in the store.

        Raises:
            Refused: with a text that says why and what to do.
            StoreError: the store did not answer in time.
        """
        self.authorize(interaction, call)
        developer = self.is_developer(interaction)
        spec = call.command.spec
        switches = self._admissions.switches(interaction.guild_id)
        if not developer:
            _check_switches(switches, call)
        counted = call.action is None or call.action.cools_down
        admission = self._admissions.admit(
            Caller(
                user_id=interaction.user.id,
                name=interaction.user.name,
                locale=interaction.locale,
                interaction_id=interaction.id,
                command=spec.slug,
                cooldown=spec.cooldown if counted and not developer else None,
                needs_whitelist=spec.access is Access.USERS
                and not developer
                and self._is_closed(switches),
                counts=call.action is None,
                worked=call.action is None and call.command.group != FRONT_DOOR,
            )
        )
        guild = switches.guild.settings
        private = _is_private(call, prefers=admission.private, private_only=guild.private_only)
        language = language_of(
            (guild.language if not private else "") or admission.language or interaction.locale
        )
        speak(language)
        match admission.verdict:
            case Verdict.COOLDOWN:
                raise CoolingDown(admission.retry_at)
            case Verdict.BLACKLISTED if not developer:
                text = _(
                    "You are not allowed to use this bot. If that is a mistake, ask whoever runs "
                    "it."
                )
                raise Refused("blacklisted", text)
            case Verdict.NOT_WHITELISTED:
                raise Refused(
                    "not_whitelisted",
                    _("This bot is in a closed beta. Ask one of its developers to let you in."),
                )
        return Entrance(admission.verdict, private, language, admission.first_today, guild)

    def visible(
        self, interaction: Interaction, commands: Iterable[CommandModule]
    ) -> list[CommandModule]:
        """The commands that a caller may use where they are.

        Asks the store only in a closed beta.

        Raises:
            StoreError: no answer in time.
        """
        developer = self.is_developer(interaction)
        switches = self._admissions.known_switches(interaction.guild_id)
        stranger = (
            not developer
            and self._is_closed(switches)
            and not self._admissions.is_whitelisted(interaction.user.id)
        )

        def may_use(command: CommandModule) -> bool:
            spec = command.spec
            return (
                _permitted(interaction, spec)
                and (interaction.context is None or interaction.context in spec.contexts)
                and not {command.group, spec.slug}
                & (switches.flags.off.keys() | switches.guild.settings.off)
                and not (stranger and spec.access is Access.USERS)
                and self._features.issuperset(spec.requires)
            )

        return [command for command in commands if developer or may_use(command)]

    def _is_closed(self, switches: Switches) -> bool:
        """Whether only whitelisted users may use the bot in this guild."""
        switched = switches.flags.closed_beta
        closed = self._closed_beta if switched is None else switched
        return closed and not switches.guild.whitelisted

    def mention(self, interaction: Interaction, name: str) -> str:
        """A command as Discord links it, or in plain type while its id is not known."""
        ids = self._admissions.known_switches(interaction.guild_id).flags.command_ids
        command_id = ids.get(name.partition(" ")[0])
        return f"</{name}:{command_id}>" if command_id else f"`/{name}`"


_ADMINISTRATOR = 1 << 3
PERMISSION_NAMES: Mapping[int, str] = {1 << 5: N_("Manage Server")}
"""Those that commands need, as Discord's settings name them."""


def _permitted(interaction: Interaction, spec: Command) -> bool:
    """Whether someone who is no developer may use a command, by access and permissions."""
    if spec.access is Access.DEVELOPERS:
        return False
    held = interaction.member_permissions or 0
    return not spec.permissions or bool(held & _ADMINISTRATOR) or not spec.permissions & ~held


def _lacking(spec: Command) -> str:
    needed = [name for bit, name in PERMISSION_NAMES.items() if (spec.permissions or 0) & bit]
    text = _("This needs the permission {names}. Ask an administrator of this server for it.")
    return text.format(names=", ".join(f"**{_(name)}**" for name in needed))


def _check_owner(interaction: Interaction, spec: Command) -> None:
    """A component answers only to whoever's command made its message."""
    if interaction.message is not None and interaction.owner_id not in {None, interaction.user.id}:
        raise UserError(
            _("This belongs to {owner}. Type `/{command}` to get your own.").format(
                owner=f"<@{interaction.owner_id}>", command=_typed(spec)
            ),
            title=_("Not yours"),
        )


def _typed(spec: Command) -> str:
    """What can be typed to call a command: with a subcommand, as none can be called without."""
    names = (spec.name, *(sub.name for sub in spec.subcommands[:1]))
    return " ".join(pgettext(COMMAND_NAME, name) for name in names)


def _check_switches(switches: Switches, call: Call) -> None:
    flags, guild = switches
    if guild.blacklisted:
        text = _("This bot cannot be used in this server. It works in a direct message.")
        raise Refused("guild_blacklisted", text)
    if flags.maintenance:
        raise Refused("maintenance", flags.maintenance)
    for name in (call.command.group, call.command.spec.slug):
        if name in flags.off:
            reason = flags.off[name] or _("It is switched off for the moment; try again later.")
            raise Refused("switched_off", reason)
    if {call.command.group, call.command.spec.slug} & guild.settings.off:
        text = _("This server's administrators switched it off here. It works in a direct message.")
        raise Refused("guild_off", text)


def _is_private(call: Call, *, prefers: bool, private_only: bool) -> bool:
    """Whether a new message is for the caller alone; users choose, a server may insist."""
    return call.private or private_only or (prefers and call.may_choose)

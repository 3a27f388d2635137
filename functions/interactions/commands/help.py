"""/help: the commands that the caller may use, from the specs."""

from collections.abc import Callable, Iterable, Mapping

from utilsbot.catalog import CommandModule
from utilsbot.context import Context
from utilsbot.discord.components import Row, Select, SelectOption, row
from utilsbot.discord.custom_id import build
from utilsbot.discord.limits import MAX_FIELD_VALUE
from utilsbot.errors import BadInput
from utilsbot.i18n import COMMAND_NAME, N_, OPTION_NAME, _, ngettext, pgettext
from utilsbot.markdown import inline_code
from utilsbot.reply import Choices, Embed, Field, Reply
from utilsbot.spec import Access, Ack, Action, Choice, Command, CommandType, Option, Visibility

SPEC = Command(
    name="help",
    summary="What the bot can do for you, by category or command by command",
    options=(
        Option("category", "One category only", autocomplete=True, max_length=50),
        Option("command", "One command in full", autocomplete=True, max_length=50),
    ),
    ack=Ack.REPLY,
    visibility=Visibility.PRIVATE_UNLESS_SHARED,
    access=Access.EVERYONE,
    actions=(Action("category", Ack.UPDATE),),
    help="Lists only what you may use here; a lock marks commands for developers.",
    examples=("/help", "/help category:Tools", "/help command:hash"),
)

CATEGORIES: Mapping[str, tuple[str, str]] = {
    "interactions": (N_("Information"), N_("About the bot itself")),
    "ai": (N_("AI"), N_("Ask, chat, summarise")),
    "games": (N_("Games"), N_("Something to play")),
    "network": (N_("Network"), N_("Addresses, links and pages")),
    "tools": (N_("Tools"), N_("Digests, codes, passwords, QR codes")),
    "system": (N_("System"), N_("Running the bot, and your data")),
}
"""Group → the category's name and what is in it."""

Visible = Callable[[Context], list[CommandModule]]
Mention = Callable[[Context, str], str]
_ALL = "all"


def run(
    ctx: Context, category: str | None, command: str | None, *, visible: Visible, mention: Mention
) -> Reply:
    """A category, a command, or everything."""
    found = visible(ctx)
    if command:
        return _one(command, found)
    group = _group(category, found) if category else None
    return _overview(ctx, group, found, mention)


def on_category(ctx: Context, *, visible: Visible, mention: Mention) -> Reply:
    """Shows the category that was chosen, in place."""
    chosen = ctx.values[0] if ctx.values else _ALL
    found = visible(ctx)
    group = chosen if chosen in {module.group for module in found} else None
    return _overview(ctx, group, found, mention)


def complete_category(ctx: Context, partial: str, *, visible: Visible) -> Choices:
    """Categories that have something for the caller."""
    names = [name for _group, name, _about in _categories(visible(ctx))]
    return Choices(tuple(Choice(n, n) for n in names if partial.lower() in n.lower()))


def complete_command(ctx: Context, partial: str, *, visible: Visible) -> Choices:
    """Commands whose name or summary fits."""
    wanted = partial.lower().lstrip("/")
    found = [(_name(m.spec), _(m.spec.summary), m.spec.name) for m in visible(ctx)]
    fits = [text for text in found if wanted in " ".join(text).lower()]
    fits.sort(key=lambda text: (not text[0].lower().lstrip("/").startswith(wanted), text[0]))
    return Choices(tuple(Choice(f"{name}: {about}"[:100], own) for name, about, own in fits))


def _categories(found: Iterable[CommandModule]) -> list[tuple[str, str, str]]:
    """(group, name, description) of the categories that are not empty."""
    groups = {module.group for module in found}
    known = [(group, *texts) for group, texts in CATEGORIES.items() if group in groups]
    return [(group, _(name), _(about)) for group, name, about in known]


def _group(category: str, found: list[CommandModule]) -> str:
    wanted = category.strip().lower()
    categories = _categories(found)
    for group, name, _about in categories:
        if wanted in {name.lower(), CATEGORIES[group][0].lower(), group}:
            return group
    names = ", ".join(f"`{name}`" for _group, name, _about in categories)
    text = _("There is no category {category}. Choose one of {names}.")
    raise BadInput(text.format(category=inline_code(category), names=names), option="category")


def _overview(
    ctx: Context, group: str | None, found: list[CommandModule], mention: Mention
) -> Reply:
    if group:
        embed = _category(ctx, group, [m for m in found if m.group == group], mention)
    else:
        embed = Embed(
            title=_("What I can do"),
            description=_(
                "Choose a category below, or use `/help command:` for one command in full."
            ),
            fields=tuple(
                Field(name, _lines(ctx, [m for m in found if m.group == key], mention))
                for key, name, _about in _categories(found)
            ),
            footer=_count(len(found)),
        )
    return Reply(embeds=(embed,), rows=(_chooser(group, found),))


def _category(ctx: Context, group: str, commands: list[CommandModule], mention: Mention) -> Embed:
    name, about = (_(text) for text in CATEGORIES[group])
    lines = "\n".join(_line(ctx, module.spec, mention) for module in commands)
    return Embed(
        title=_("{category} commands").format(category=name),
        description=f"{about}\n\n{lines}",
        footer=_count(len(commands)),
    )


def _count(commands: int) -> str:
    text = ngettext("{count} command for you here", "{count} commands for you here", commands)
    return text.format(count=commands)


def _lines(ctx: Context, commands: list[CommandModule], mention: Mention) -> str:
    """A line a command; of a category that is too long for a field only links, or only names."""
    for told in (_line, _links):
        text = "\n".join(told(ctx, module.spec, mention) for module in commands)
        if len(text) <= MAX_FIELD_VALUE:
            return text
    return " ".join(f"`{_name(module.spec)}`{_lock(module.spec)}" for module in commands)


def _name(spec: Command) -> str:
    """As the caller's Discord shows it."""
    name = pgettext(COMMAND_NAME, spec.name)
    return f"/{name}" if spec.type is CommandType.CHAT_INPUT else name


def _line(ctx: Context, spec: Command, mention: Mention) -> str:
    command = _links(ctx, spec, mention)
    if spec.type is not CommandType.CHAT_INPUT:
        text = _("{command} (in the message menu): {about}")
        return text.format(command=command, about=_(spec.summary))
    return f"{command}\n{_(spec.summary)}"


def _links(ctx: Context, spec: Command, mention: Mention) -> str:
    """A command and its subcommands, to be clicked; what is in a menu has no link."""
    if spec.type is not CommandType.CHAT_INPUT:
        return f"**{_name(spec)}**{_lock(spec)}"
    names = [f"{spec.name} {sub.name}" for sub in spec.subcommands] or [spec.name]
    return f"{' · '.join(mention(ctx, name) for name in names)}{_lock(spec)}"


def _lock(spec: Command) -> str:
    return " 🔒" if spec.access is Access.DEVELOPERS else ""


def _chooser(group: str | None, found: list[CommandModule]) -> Row:
    options = [SelectOption(_("Everything"), _ALL, default=group is None)]
    options += [
        SelectOption(name, key, about, default=key == group)
        for key, name, about in _categories(found)
    ]
    return row(Select(build("help", "category"), tuple(options), placeholder=_("Category")))


def _one(name: str, found: list[CommandModule]) -> Reply:
    wanted = " ".join(name.lower().lstrip("/ ").split())
    spec = next((m.spec for m in found if wanted in _names(m.spec)), None)
    if spec is None:
        text = _("There is no command {name} that you may use here. `/help` lists all you may.")
        raise BadInput(text.format(name=inline_code(name)), option="command")
    fields = []
    for subcommand in spec.subcommands:
        value = f"{_(subcommand.summary)}\n{_options(subcommand.options)}".strip()
        sub_name = pgettext(COMMAND_NAME, subcommand.name)
        fields.append(Field(f"{_name(spec)} {sub_name}", value))
    if spec.options:
        fields.append(Field(_("Options"), _options(spec.options)))
    if spec.examples:
        fields.append(Field(_("Examples"), "\n".join(f"`{line}`" for line in spec.examples)))
    return Reply(
        embeds=(
            Embed(
                title=_name(spec),
                description=f"{_(spec.summary)}\n\n{_(spec.help)}".strip(),
                fields=tuple(fields),
                footer=_terms(spec),
            ),
        )
    )


def _names(spec: Command) -> set[str]:
    """What a command may be asked for by, in lower case: with a subcommand, too, as it is typed."""
    names = {spec.name.lower(), spec.slug, _name(spec).lower().lstrip("/")}
    subs = {sub.name for sub in spec.subcommands}
    subs |= {pgettext(COMMAND_NAME, name).lower() for name in subs}
    return names | {f"{name} {sub}" for name in names for sub in subs}


def _options(options: Iterable[Option]) -> str:
    needed = _(" (needed)")
    return "\n".join(
        f"`{pgettext(OPTION_NAME, option.name)}`{needed if option.required else ''}: "
        f"{_(option.summary)}"
        for option in options
    )


def _terms(spec: Command) -> str:
    """How often, and who sees the answer."""
    words = {
        Visibility.PRIVATE: _("Only you see the answer"),
        Visibility.PUBLIC: _("Everyone here sees the answer"),
        Visibility.PRIVATE_UNLESS_SHARED: _("Only you see the answer, unless private:false"),
        Visibility.PUBLIC_UNLESS_PRIVATE: _("Everyone here sees the answer, unless private:true"),
    }
    if not spec.cooldown:
        return words[spec.visibility]
    rate = _("{uses} in {seconds} s").format(uses=spec.cooldown.uses, seconds=spec.cooldown.per_s)
    return f"{words[spec.visibility]} · {rate}"

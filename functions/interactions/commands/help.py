"""/help: the commands that the caller may use, from the specs."""

from collections.abc import Callable, Iterable, Mapping

from utilsbot.catalog import CommandModule
from utilsbot.context import Context
from utilsbot.discord.components import Row, Select, SelectOption, row
from utilsbot.discord.custom_id import build
from utilsbot.discord.limits import MAX_FIELD_VALUE
from utilsbot.errors import BadInput
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
    "interactions": ("Information", "About the bot itself"),
    "ai": ("AI", "Ask, chat, summarise"),
    "games": ("Games", "Something to play"),
    "network": ("Network", "Addresses, links and pages"),
    "tools": ("Tools", "Digests, codes, passwords, QR codes"),
    "system": ("System", "Running the bot, and your data"),
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
    names = [name for _, name, _ in _categories(visible(ctx))]
    return Choices(tuple(Choice(n, n) for n in names if partial.lower() in n.lower()))


def complete_command(ctx: Context, partial: str, *, visible: Visible) -> Choices:
    """Commands whose name or summary fits."""
    wanted = partial.lower().lstrip("/")
    specs = [module.spec for module in visible(ctx)]
    fits = [s for s in specs if wanted in s.name.lower() or wanted in s.summary.lower()]
    fits.sort(key=lambda spec: (not spec.name.lower().startswith(wanted), spec.name))
    return Choices(tuple(Choice(f"/{s.name}: {s.summary}"[:100], s.name) for s in fits))


def _categories(found: Iterable[CommandModule]) -> list[tuple[str, str, str]]:
    """(group, name, description) of the categories that are not empty."""
    groups = {module.group for module in found}
    return [(group, *CATEGORIES[group]) for group in CATEGORIES if group in groups]


def _group(category: str, found: list[CommandModule]) -> str:
    wanted = category.strip().lower()
    categories = _categories(found)
    for group, name, _ in categories:
        if wanted in {name.lower(), group}:
            return group
    names = ", ".join(f"`{name}`" for _, name, _ in categories)
    raise BadInput(f"There is no category `{category}`. Choose one of {names}.", option="category")


def _overview(
    ctx: Context, group: str | None, found: list[CommandModule], mention: Mention
) -> Reply:
    if group:
        embed = _category(ctx, group, [m for m in found if m.group == group], mention)
    else:
        embed = Embed(
            title="What I can do",
            description="Choose a category below, or use `/help command:` for one command in full.",
            fields=tuple(
                Field(name, _lines(ctx, [m for m in found if m.group == key], mention))
                for key, name, _ in _categories(found)
            ),
            footer=f"{len(found)} commands for you here",
        )
    return Reply(embeds=(embed,), rows=(_chooser(group, found),))


def _category(ctx: Context, group: str, commands: list[CommandModule], mention: Mention) -> Embed:
    name, about = CATEGORIES[group]
    lines = "\n".join(_line(ctx, module, mention) for module in commands)
    return Embed(
        title=f"{name} commands",
        description=f"{about}\n\n{lines}",
        footer=f"{len(commands)} commands for you here",
    )


def _lines(ctx: Context, commands: list[CommandModule], mention: Mention) -> str:
    """A line a command; of a category that is too long for a field only the names."""
    text = "\n".join(_line(ctx, module, mention) for module in commands)
    if len(text) <= MAX_FIELD_VALUE:
        return text
    return " ".join(f"`{_name(module.spec)}`" for module in commands)


def _name(spec: Command) -> str:
    return f"/{spec.name}" if spec.type is CommandType.CHAT_INPUT else spec.name


def _line(ctx: Context, module: CommandModule, mention: Mention) -> str:
    spec = module.spec
    lock = " 🔒" if spec.access is Access.DEVELOPERS else ""
    if spec.type is not CommandType.CHAT_INPUT:
        return f"**{spec.name}**{lock} (in the message menu): {spec.summary}"
    names = [f"{spec.name} {sub.name}" for sub in spec.subcommands] or [spec.name]
    return f"{' · '.join(mention(ctx, name) for name in names)}{lock}\n{spec.summary}"


def _chooser(group: str | None, found: list[CommandModule]) -> Row:
    options = [SelectOption("Everything", _ALL, default=group is None)]
    options += [
        SelectOption(name, key, about, default=key == group)
        for key, name, about in _categories(found)
    ]
    return row(Select(build("help", "category"), tuple(options), placeholder="Category"))


def _one(name: str, found: list[CommandModule]) -> Reply:
    wanted = name.strip().lower().lstrip("/")
    spec = next((m.spec for m in found if wanted in {m.spec.name.lower(), m.spec.slug}), None)
    if spec is None:
        raise BadInput(
            f"There is no command `{name}` that you may use here. `/help` lists all you may.",
            option="command",
        )
    fields = []
    for subcommand in spec.subcommands:
        value = f"{subcommand.summary}\n{_options(subcommand.options)}".strip()
        fields.append(Field(f"/{spec.name} {subcommand.name}", value))
    if spec.options:
        fields.append(Field("Options", _options(spec.options)))
    if spec.examples:
        fields.append(Field("Examples", "\n".join(f"`{line}`" for line in spec.examples)))
    return Reply(
        embeds=(
            Embed(
                title=_name(spec),
                description=f"{spec.summary}\n\n{spec.help}".strip(),
                fields=tuple(fields),
                footer=_terms(spec),
            ),
        )
    )


def _options(options: Iterable[Option]) -> str:
    return "\n".join(
        f"`{option.name}`{' (needed)' if option.required else ''}: {option.summary}"
        for option in options
    )


def _terms(spec: Command) -> str:
    """How often, and who sees the answer."""
    words = {
        Visibility.PRIVATE: "Only you see the answer",
        Visibility.PUBLIC: "Everyone here sees the answer",
        Visibility.PRIVATE_UNLESS_SHARED: "Only you see the answer, unless private:false",
        Visibility.PUBLIC_UNLESS_PRIVATE: "Everyone here sees the answer, unless private:true",
    }
    rate = f" · {spec.cooldown.uses} in {spec.cooldown.per_s} s" if spec.cooldown else ""
    return words[spec.visibility] + rate

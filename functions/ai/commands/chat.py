"""/chat: a conversation that the AI remembers, yours alone to continue, until it is forgotten."""

from typing import NamedTuple

from functions.ai.asking import configured
from functions.ai.conversation import (
    NEW,
    Memory,
    Said,
    buttons,
    history,
    mode_of,
    place_of,
)
from functions.ai.files import Files
from functions.ai.model import API, Ending
from functions.ai.prompting import mark, prompt_of
from functions.ai.replies import Ai, Progress, answer_reply, details_of, shower
from utilsbot.context import Context
from utilsbot.discord.components import Modal, Row, TextInput
from utilsbot.discord.custom_id import build
from utilsbot.discord.interaction import Attachment
from utilsbot.errors import BadInput, NotConfigured, StoreError, UserError
from utilsbot.i18n import _, ngettext
from utilsbot.meter import Meter
from utilsbot.reply import Reply, success
from utilsbot.spec import Ack, Action, Command, Cooldown, Option, OptionType, Visibility
from utilsbot.store.chat_rows import Chat

SPEC = Command(
    name="chat",
    summary="Talk with the AI: it remembers your conversation in this channel",
    options=(
        Option("message", "What you say", required=True, min_length=1, max_length=4000),
        Option(
            "file",
            "A picture (PNG, JPEG, WebP, HEIC) up to 7 MiB or a text file up to 256 KiB",
            OptionType.ATTACHMENT,
        ),
        Option(
            "new_topic",
            "Forget what was said and begin anew (default: no)",
            OptionType.BOOLEAN,
            default=False,
        ),
    ),
    actions=(
        Action("continue", Ack.MODAL),
        Action("new_topic", Ack.MODAL),
        Action("say", Ack.WORK, private=True, cools_down=True),
        Action("say_openly", Ack.WORK, private=False, cools_down=True),
        Action("end", Ack.WORK, private=True),
    ),
    visibility=Visibility.PUBLIC_UNLESS_PRIVATE,
    cooldown=Cooldown(10, 60),
    requires=("ai",),
    help=(
        "`/chat` goes on with your conversation in this channel, or begins one; so does the button "
        "**Continue**. **New topic** begins anew, **End** forgets it at once; by itself it is "
        "forgotten a day after your last message. Long conversations lose their oldest part.\n"
        "A private conversation and an open one never mix, and only you can continue yours.\n"
        "What is remembered is encrypted; `/privacy` exports or deletes it. Messages, pictures and "
        "files go to Google's Gemini. The AI can be wrong: check what matters."
    ),
    replayable=True,
    examples=(
        "/chat message:Help me plan a week in Lisbon",
        "/chat message:Another question new_topic:true private:true",
    ),
)


class _Means(NamedTuple):
    """The ports of one turn."""

    ai: Ai
    chats: Memory
    files: Files
    meter: Meter
    progress: Progress


def run(
    ctx: Context,
    *,
    message: str,
    file: Attachment | None,
    new_topic: bool,
    ai: Ai | None,
    chats: Memory | None,
    files: Files,
    meter: Meter,
    progress: Progress,
) -> Reply:
    """The next turn of the conversation here, or the first of a new one."""
    means = _Means(configured(ai), _remembering(chats), files, meter, progress)
    return _turn(ctx, message, file, means, to=None, fresh=new_topic)


def on_continue(ctx: Context, chat_id: str, owner_id: str, mode: str) -> Modal:
    """Asks for the next message."""
    return _form(ctx, _("Continue the conversation"), chat_id, owner_id, mode)


def on_new_topic(ctx: Context, owner_id: str, mode: str) -> Modal:
    """Asks for the first message of a new conversation."""
    return _form(ctx, _("A new topic"), NEW, owner_id, mode)


def on_say(
    ctx: Context,
    chat_id: str,
    owner_id: str,
    *,
    ai: Ai | None,
    chats: Memory | None,
    files: Files,
    meter: Meter,
    progress: Progress,
) -> Reply:
    """The next turn, from a form; open and private ones differ in their acknowledgement only."""
    _check_owner(ctx, owner_id)
    means = _Means(configured(ai), _remembering(chats), files, meter, progress)
    fresh = chat_id == NEW
    to = None if fresh else chat_id
    return _turn(ctx, ctx.fields.get("message", ""), None, means, to=to, fresh=fresh)


on_say_openly = on_say


def on_end(ctx: Context, chat_id: str, owner_id: str, mode: str, *, chats: Memory | None) -> Reply:
    """Forgets the conversation."""
    _check_owner(ctx, owner_id)
    if not _remembering(chats).end(ctx.user.id, place_of(ctx, mode), chat_id):
        raise _over()
    return Reply(
        embeds=(
            success(
                _("Conversation ended"),
                _("What was said in it is deleted here. `/chat` begins a new one."),
            ),
        )
    )


def _turn(
    ctx: Context,
    question: str,
    file: Attachment | None,
    means: _Means,
    *,
    to: str | None,
    fresh: bool,
) -> Reply:
    """One turn: read, ask, remember. What was paid for is shown even if it cannot be remembered."""
    if not question.strip():
        raise BadInput(_("Type a message."), option="message")
    place = place_of(ctx, mode_of(ctx.private))
    chat = means.chats.read(ctx.user.id, place)
    if chat and (told := chat.turn_of(ctx.interaction.id)):  # this command ran before and died
        with means.meter.call(API) as call:  # that run's, which it did not live to count
            call.tokens = told.tokens
        details = _details(ctx, chat, told.model)
        return answer_reply(question, told.answer, details, Ending.COMPLETE, _rows(ctx, chat))
    if to is not None and (chat is None or chat.id != to):
        raise _over()
    earlier = chat.turns if chat and not fresh else ()
    said, tag = Said.of(question, file, means.files, means.meter), mark(ctx)
    prompt = prompt_of(
        ctx, means.ai.instruction, said.parts(tag), history(earlier, means.files, means.meter, tag)
    )
    answer = means.ai.answer(ctx, prompt, means.meter, shower(question, means.progress))
    about = details_of(answer)
    turn = said.turn(ctx, answer.text, answer.answer_tokens, answer.model)
    try:
        chat = means.chats.add(ctx.user.id, place, turn, to=to, fresh=fresh)
        forgotten = _("The conversation was ended meanwhile, so this is not remembered.")
    except StoreError:
        chat = None
        forgotten = _("This could not be remembered; the next answer will not know it.")
    details = _details(ctx, chat, about) if chat else f"{about} · {forgotten}"
    rows = _rows(ctx, chat) if chat else ()
    return answer_reply(question, answer.text, details, answer.ending, rows)


def _details(ctx: Context, chat: Chat, about: str) -> str:
    count = chat.count_at(ctx.interaction.id)
    known = ngettext("{count} message remembered", "{count} messages remembered", count)
    until = _("forgotten {moment}").format(moment=f"<t:{chat.expires_at}:R>")
    return f"{about} · {known.format(count=count)} · {until}"


def _rows(ctx: Context, chat: Chat) -> tuple[Row, ...]:
    return buttons(chat.id, ctx.user.id, mode_of(ctx.private))


def _form(ctx: Context, title: str, chat_id: str, owner_id: str, mode: str) -> Modal:
    _check_owner(ctx, owner_id)
    action = "say_openly" if mode == mode_of(private=False) else "say"
    return Modal(
        title,
        build(SPEC.slug, action, chat_id, owner_id),
        (TextInput("message", _("Your message"), paragraph=True, min_length=1, max_length=4000),),
    )


def _remembering(chats: Memory | None) -> Memory:
    if chats is None:
        raise NotConfigured(_("The memory of conversations"))
    return chats


def _check_owner(ctx: Context, owner_id: str) -> None:
    """The custom id names the owner, because follow-ups do not always say whose they are."""
    if ctx.user.id != owner_id:
        raise UserError(
            _("This conversation is {user}'s. Type `/chat` to begin your own.").format(
                user=f"<@{owner_id}>"
            ),
            title=_("Not yours"),
        )


def _over() -> UserError:
    return UserError(
        _(
            "This conversation has ended, was replaced by a new topic, or was forgotten. Type "
            "`/chat` to begin a new one."
        ),
        title=_("Conversation over"),
    )

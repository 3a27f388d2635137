"""What Discord remembers: messages, files and the interactions that they came from."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from local.discord.messages import EPHEMERAL
from local.discord.world import Place, Snowflakes, User, World, dm_channel_id

TOKEN_LIFE_S = 15 * 60
KEEP = 2000
"""Messages, files and interactions beyond so many are forgotten, oldest first."""


@dataclass
class StoredFile:
    """A file on Discord's CDN."""

    id: str
    filename: str
    content: bytes
    content_type: str
    description: str | None = None
    ephemeral: bool = False
    signature: str = field(default_factory=lambda: secrets.token_hex(16))
    """What makes its address unguessable."""

    @property
    def path(self) -> str:
        """Where it is served."""
        return f"/attachments/{self.id}/{self.signature}/{self.filename}"


@dataclass
class Session:
    """An interaction and what became of it."""

    body: Mapping[str, Any]
    """As the bot got it."""
    user: User
    place: Place
    created_at: float
    known_from: float
    """When Discord's API starts to know the token."""
    callback_type: int
    private: bool = False
    original_id: str | None = None
    """The message that @original stands for."""
    modal: Mapping[str, Any] | None = None
    followups: int = 0
    ack_ms: float = 0.0
    final_ms: float | None = None
    """From the interaction to the last edit of its worker; None while it is pending."""
    pending: bool = False
    """Deferred, and nothing has come since."""
    in_hand: bool = False
    """A worker still has it, so what has come may be a streamed answer's beginning."""
    came_from: str = ""
    """Of a component or a modal: the name of the command that it belongs to."""

    @property
    def id(self) -> str:
        """The interaction's id."""
        return str(self.body["id"])

    @property
    def token(self) -> str:
        """The credential of its webhook."""
        return str(self.body["token"])

    @property
    def name(self) -> str:
        """What the page calls it: `/qr read`, or a menu command's name."""
        if self.came_from:
            return self.came_from
        data = self.body.get("data", {})
        if not data.get("name"):  # of a message or a modal that we have not seen
            return ""
        names = [str(data["name"])]
        names += [o["name"] for o in data.get("options", []) if o.get("type") in {1, 2}]
        return ("/" if data.get("type", 1) == 1 else "") + " ".join(names)


@dataclass
class Message:
    """A message of the bot's."""

    id: str
    place: Place
    owner: User
    """Whose interaction it answers."""
    interaction_id: str
    interaction_name: str
    interaction_type: int
    created_at: float
    private: bool = False
    deferred: bool = False
    is_followup: bool = False
    content: str = ""
    embeds: list[dict[str, Any]] = field(default_factory=list)
    files: list[StoredFile] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    flags: int = 0
    edited_at: float | None = None
    timed_by: str = ""
    """The interaction whose times these are: the message's own, or the last press on it."""
    ack_ms: float = 0.0
    final_ms: float | None = None

    def take_times(self, session: Session) -> None:
        """Both times of an interaction that is answered, so that they belong together."""
        self.timed_by = session.id
        self.ack_ms, self.final_ms = session.ack_ms, session.final_ms

    @property
    def channel_id(self) -> str:
        """A DM's channel is the user's own."""
        return channel_of(self.place, self.owner)

    def visible_to(self, user_id: str) -> bool:
        """Private messages and DMs have one reader."""
        return (not self.private and self.place.kind != "dm") or self.owner.id == user_id


def channel_of(place: Place, user: User) -> str:
    """The channel that a user sees as a place."""
    return dm_channel_id(user.id) if place.kind == "dm" else place.channel_id


class State:
    """Everything, in memory."""

    def __init__(self, world: World, now: Callable[[], float], keep: int = KEEP) -> None:
        """Args: now: epoch seconds. keep: how many messages, files and interactions."""
        self._keep = keep
        self.world = world
        self.now = now
        self.ids = Snowflakes(now)
        self.messages: dict[str, Message] = {}
        self.files: dict[str, StoredFile] = {}
        self.commands: dict[str, list[dict[str, Any]]] = {}
        """Registered commands by guild id, "" for the global ones."""
        self._sessions: dict[str, Session] = {}
        self._tokens: dict[str, str] = {}
        self._worked_off: dict[str, None] = {}
        """Ids of interactions that a worker is done with, the oldest first."""

    def add_session(self, session: Session) -> None:
        """Remembers an interaction."""
        self._sessions[session.id] = session
        self._tokens[session.token] = session.id
        for interaction_id in _surplus(self._sessions, self._keep):
            self._tokens.pop(self._sessions.pop(interaction_id).token, None)

    def defer(self, session: Session) -> None:
        """Notes that a worker will answer, unless it was so quick that it is done already."""
        session.pending = True
        session.in_hand = session.id not in self._worked_off

    def work_off(self, interaction_id: str) -> None:
        """Notes that the worker has done all it will do for an interaction."""
        self._worked_off[interaction_id] = None
        for done in _surplus(self._worked_off, self._keep):
            del self._worked_off[done]
        if session := self._sessions.get(interaction_id):
            session.in_hand = False

    def session(self, interaction_id: str) -> Session | None:
        """The interaction of an id."""
        return self._sessions.get(interaction_id)

    def session_of_token(self, token: str) -> Session | None:
        """The interaction of a token."""
        return self._sessions.get(self._tokens.get(token, ""))

    def origin(self, body: Mapping[str, Any], user: User) -> str:
        """The name of the command that a component's message or a modal came from; "" if none."""
        carried = body.get("message") or {}
        message = self.messages.get(str(carried.get("id")))
        if message:
            return message.interaction_name
        if name := (carried.get("interaction_metadata") or {}).get("name"):
            return f"/{name}"
        custom_id = body.get("data", {}).get("custom_id")
        opened = (
            session.name
            for session in reversed(self._sessions.values())
            if session.modal and session.user == user and session.modal["custom_id"] == custom_id
        )
        return next(opened, "") if body.get("type") == 5 else ""

    def add_message(self, session: Session, *, private: bool, flags: int = 0) -> Message:
        """A new, empty message in answer to an interaction."""
        message = Message(
            id=self.ids.new(),
            place=session.place,
            owner=session.user,
            interaction_id=session.id,
            interaction_name=session.name,
            interaction_type=int(session.body["type"]),
            created_at=self.now(),
            private=private,
            flags=flags | (EPHEMERAL if private else 0),
            timed_by=session.id,
            ack_ms=session.ack_ms,
        )
        self.messages[message.id] = message
        for message_id in _surplus(self.messages, self._keep):
            del self.messages[message_id]
        return message

    def add_file(
        self, filename: str, content: bytes, content_type: str, *, ephemeral: bool = False
    ) -> StoredFile:
        """Puts a file on the CDN."""
        name = _safe_name(filename)
        stored = StoredFile(self.ids.new(), name, content, content_type, ephemeral=ephemeral)
        self.files[stored.id] = stored
        for file_id in _surplus(self.files, self._keep):
            del self.files[file_id]
        return stored


def _surplus(entries: Mapping[str, Any], keep: int) -> list[str]:
    return list(islice(entries, max(0, len(entries) - keep)))


def _safe_name(filename: str) -> str:
    """Discord keeps letters, digits, dots, dashes and underscores of a file's name."""
    kept = "".join(c if c.isalnum() or c in "._-" else "_" for c in filename).strip(".")
    return kept[-200:] or "file"

"""What a conversation is made of; store.chats reads and writes it."""

from typing import NamedTuple


class Picture(NamedTuple):
    """A picture that a turn showed; fetched again while Discord's address lasts (about a day)."""

    attachment_id: str
    filename: str
    url: str
    content_type: str
    size: int


class Turn(NamedTuple):
    """A question with its answer."""

    interaction_id: str
    question: str
    answer: str
    tokens: int
    """About how many both are, pictures included."""
    asked_at: int
    """Epoch seconds."""
    model: str = ""
    texts: tuple[tuple[str, str], ...] = ()
    """Names and contents of the text files that came with the question."""
    pictures: tuple[Picture, ...] = ()


class Chat(NamedTuple):
    """A conversation as it was read."""

    id: str
    """The interaction that began it; a new topic has a new one."""
    owner_id: str
    place: str
    version: int
    turns: tuple[Turn, ...]
    """From the oldest that is remembered."""
    expires_at: int
    """Epoch seconds."""

    def turn_of(self, interaction_id: str) -> Turn | None:
        """The turn that an interaction has added."""
        return next((turn for turn in self.turns if turn.interaction_id == interaction_id), None)

    def count_at(self, interaction_id: str) -> int:
        """How many turns are remembered up to an interaction's own, which must be one of them.

        A command that is answered again says what it said before, whatever was added since.
        """
        return 1 + [turn.interaction_id for turn in self.turns].index(interaction_id)

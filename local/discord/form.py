"""Discord's errors, and the tree that "Invalid Form Body" comes with.

Source: discord-api-docs, reference.mdx, Error Messages; topics/opcodes-and-status-codes.mdx.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

Path = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


class Refusal(Exception):
    """A call that Discord refuses, as it says so."""

    def __init__(
        self, status: int, code: int, message: str, errors: Mapping[str, Any] | None = None
    ) -> None:
        """Args: status: HTTP. code: Discord's JSON error code. errors: the tree of a 50035."""
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def body(self) -> dict[str, Any]:
        """Discord's JSON."""
        body: dict[str, Any] = {"message": self.message, "code": self.code}
        return body | ({"errors": dict(self.errors)} if self.errors else {})


class Problems:
    """Collects what is wrong with a form, by where it is."""

    def __init__(self) -> None:
        """Nothing is wrong yet."""
        self.tree: dict[str, Any] = {}

    def add(self, path: Path, code: str, message: str) -> None:
        """Notes a problem under keys and indexes."""
        node = self.tree
        for part in path:
            node = node.setdefault(str(part), {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def read(self, model: type[Model], raw: Any, path: Path = ()) -> Model | None:
        """A part of the form as its model; None, and the problems noted, if it does not fit."""
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            for item in error.errors():
                code, message = _in_discords_words(item)
                self.add((*path, *item["loc"]), code, message)
            return None

    def finish(self) -> None:
        """Raises: Refusal: 50035 with the tree, if anything was noted."""
        if self.tree:
            raise Refusal(400, 50035, "Invalid Form Body", self.tree)


_REQUIRED = ("BASE_TYPE_REQUIRED", "This field is required")
_WORDS: Mapping[str, tuple[str, str]] = {
    "missing": _REQUIRED,
    "string_too_long": ("BASE_TYPE_MAX_LENGTH", "Must be {max_length} or fewer in length."),
    "string_too_short": ("BASE_TYPE_MIN_LENGTH", "Must be {min_length} or more in length."),
    "too_long": ("BASE_TYPE_MAX_LENGTH", "Must be {max_length} or fewer in length."),
    "too_short": ("BASE_TYPE_MIN_LENGTH", "Must be {min_length} or more in length."),
    "less_than_equal": ("NUMBER_TYPE_MAX", "int value should be less than or equal to {le}."),
    "greater_than_equal": ("NUMBER_TYPE_MIN", "int value should be greater than or equal to {ge}."),
    "string_type": ("STRING_TYPE_CONVERT", "Could not interpret value as string."),
    "int_type": ("NUMBER_TYPE_COERCE", "Value is not int."),
    "int_parsing": ("NUMBER_TYPE_COERCE", "Value is not int."),
    "bool_type": ("BOOLEAN_TYPE_CONVERT", "Must be either true or false."),
    "list_type": ("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType"),
    "model_type": ("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType"),
    "model_attributes_type": ("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType"),
    "literal_error": ("BASE_TYPE_CHOICES", "Value must be one of {expected}."),
}


def _in_discords_words(item: Mapping[str, Any]) -> tuple[str, str]:
    kind, context = str(item["type"]), item.get("ctx", {})
    if kind.isupper():  # a PydanticCustomError of ours: already Discord's code
        return kind, str(item["msg"])
    code, text = _WORDS.get(
        kind, ("BASE_TYPE_INVALID", str(item["msg"]).replace("{", "{{").replace("}", "}}"))
    )
    return code, text.format(**context)


def as_list(value: Any) -> Sequence[Any]:
    """The value if it is a list, else nothing."""
    return value if isinstance(value, list) else ()

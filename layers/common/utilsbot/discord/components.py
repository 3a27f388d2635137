"""Buttons, selects and modals as values. Limits: components/reference.mdx, checked in limits.py."""

from enum import IntEnum
from typing import Any, NamedTuple


class ButtonStyle(IntEnum):
    """Discord's styles for buttons that act."""

    PRIMARY = 1
    SECONDARY = 2
    SUCCESS = 3
    DANGER = 4


class Button(NamedTuple):
    """A button that runs an action."""

    label: str
    """At most 80 characters."""
    custom_id: str
    style: ButtonStyle = ButtonStyle.SECONDARY
    emoji: str | None = None
    """One Unicode emoji."""
    disabled: bool = False

    def payload(self) -> dict[str, Any]:
        """Discord's JSON."""
        body: dict[str, Any] = {
            "type": 2,
            "style": int(self.style),
            "label": self.label,
            "custom_id": self.custom_id,
        }
        if self.emoji:
            body["emoji"] = {"name": self.emoji}
        return body | ({"disabled": True} if self.disabled else {})


class LinkButton(NamedTuple):
    """A button that opens an address."""

    label: str
    url: str
    """At most 512 characters."""

    def payload(self) -> dict[str, Any]:
        """Discord's JSON."""
        return {"type": 2, "style": 5, "label": self.label, "url": self.url}


class SelectOption(NamedTuple):
    """One entry of a select."""

    label: str
    value: str
    description: str | None = None
    default: bool = False

    def payload(self) -> dict[str, Any]:
        """Discord's JSON."""
        body: dict[str, Any] = {"label": self.label, "value": self.value}
        if self.description:
            body["description"] = self.description
        return body | ({"default": True} if self.default else {})


class Select(NamedTuple):
    """A string select; alone in its row."""

    custom_id: str
    options: tuple[SelectOption, ...]
    """1 to 25."""
    placeholder: str | None = None
    min_values: int = 1
    max_values: int = 1
    required: bool | None = None
    """In modals only."""

    def payload(self) -> dict[str, Any]:
        """Discord's JSON."""
        body: dict[str, Any] = {
            "type": 3,
            "custom_id": self.custom_id,
            "options": [option.payload() for option in self.options],
            "min_values": self.min_values,
            "max_values": self.max_values,
        }
        if self.placeholder:
            body["placeholder"] = self.placeholder
        return body if self.required is None else body | {"required": self.required}


class Row(NamedTuple):
    """An action row: up to 5 buttons, or one select."""

    components: tuple[Button | LinkButton | Select, ...]

    def payload(self) -> dict[str, Any]:
        """Discord's JSON."""
        return {"type": 1, "components": [part.payload() for part in self.components]}


def row(*components: Button | LinkButton | Select) -> Row:
    """An action row of these."""
    return Row(components)


class TextInput(NamedTuple):
    """A text field of a modal; its value arrives as `ctx.fields[name]`."""

    name: str
    label: str
    """At most 45 characters."""
    description: str | None = None
    """At most 100 characters, below the label."""
    paragraph: bool = False
    required: bool = True
    min_length: int | None = None
    max_length: int | None = None
    """At most 4000."""
    placeholder: str | None = None
    value: str | None = None

    def payload(self) -> dict[str, Any]:
        """Discord's JSON: a Label (18) around a Text Input (4)."""
        field: dict[str, Any] = {
            "type": 4,
            "custom_id": self.name,
            "style": 2 if self.paragraph else 1,
            "required": self.required,
        }
        optional = {
            "min_length": self.min_length,
            "max_length": self.max_length,
            "placeholder": self.placeholder,
            "value": self.value,
        }
        field |= {key: value for key, value in optional.items() if value is not None}
        return _label(self.label, self.description, field)


class ChoiceInput(NamedTuple):
    """A select in a modal; its values arrive as `ctx.fields[name]`, joined by commas."""

    label: str
    select: Select
    """Its custom_id is the field's name."""
    description: str | None = None

    def payload(self) -> dict[str, Any]:
        """Discord's JSON: a Label (18) around a String Select (3)."""
        return _label(self.label, self.description, self.select.payload())


def _label(label: str, description: str | None, component: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = {"type": 18, "label": label, "component": component}
    return body | ({"description": description} if description else {})


class Modal(NamedTuple):
    """A form: answers a command or a component, but never a modal and never after a deferral."""

    title: str
    """At most 45 characters."""
    custom_id: str
    inputs: tuple[TextInput | ChoiceInput, ...]
    """1 to 5."""

    def payload(self) -> dict[str, Any]:
        """Discord's JSON: the data of a callback of type 9."""
        return {
            "title": self.title,
            "custom_id": self.custom_id,
            "components": [part.payload() for part in self.inputs],
        }


__all__ = [
    "Button",
    "ButtonStyle",
    "ChoiceInput",
    "LinkButton",
    "Modal",
    "Row",
    "Select",
    "SelectOption",
    "TextInput",
    "row",
]

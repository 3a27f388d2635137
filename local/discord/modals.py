"""What Discord accepts as a modal.

Source: interactions/receiving-and-responding.mdx, Modal; components/reference.mdx.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from local.discord.components import Select, Strict, TextDisplay, between, upto
from local.discord.form import Path, Problems, as_list

_FIELD_TYPES = frozenset({3, 4, 5, 6, 7, 8, 19, 21, 22, 23})


class Modal(Strict):
    """The data of a callback of type 9."""

    custom_id: Annotated[str, between(1, 100)]
    title: Annotated[str, between(1, 45)]
    components: Annotated[list[Any], Field(min_length=1, max_length=5)]


class Label(Strict):
    """Type 18."""

    label: Annotated[str, between(1, 45)]
    description: Annotated[str, upto(100)] | None = None
    component: dict[str, Any]


class TextInput(Strict):
    """Type 4."""

    custom_id: Annotated[str, between(1, 100)]
    style: Literal[1, 2]
    min_length: Annotated[int, Field(ge=0, le=4000)] | None = None
    max_length: Annotated[int, Field(ge=1, le=4000)] | None = None
    required: bool | None = None
    value: Annotated[str, Field(max_length=4000)] | None = None
    placeholder: Annotated[str, upto(100)] | None = None

    @model_validator(mode="after")
    def _lengths(self) -> "TextInput":
        longest = self.max_length or 4000
        if (self.min_length or 0) > longest or len(self.value or "") > longest:
            raise PydanticCustomError(
                "BASE_TYPE_BAD_LENGTH", "min_length, max_length and value disagree"
            )
        return self


class _AnyField(Strict):
    """Uploads, radio groups and checkboxes: at least named."""

    custom_id: Annotated[str, between(1, 100)]


def check_modal(data: Any, problems: Problems) -> None:
    """Notes what Discord would refuse in a modal."""
    modal = problems.read(Modal, data, ("data",))
    if modal is None:
        return
    names: list[str] = []
    for index, part in enumerate(modal.components):
        _check_part(part, ("data", "components", index), problems, names)
    if len(set(names)) < len(names):
        problems.add(
            ("data", "components"),
            "COMPONENT_CUSTOM_ID_DUPLICATED",
            "Component custom id cannot be duplicated",
        )


def _check_part(part: Any, at: Path, problems: Problems, names: list[str]) -> None:
    kind = part.get("type") if isinstance(part, Mapping) else None
    if kind == 10:
        problems.read(TextDisplay, part, at)
    elif kind == 18:
        label = problems.read(Label, part, at)
        if label:
            _check_field(label.component, (*at, "component"), problems, names)
    elif kind == 1:  # the older form: a row with one text input that has its own label
        inputs = as_list(part.get("components"))
        if len(inputs) != 1 or not isinstance(inputs[0], Mapping) or inputs[0].get("type") != 4:
            problems.add((*at, "components"), "BASE_TYPE_BAD_LENGTH", "Must be 1 in length.")
        else:
            _check_field(inputs[0], (*at, "components", 0), problems, names)
    else:
        problems.add(
            (*at, "type"), "UNION_TYPE_CHOICES", "Value of field must be one of (1, 10, 18)."
        )


def _check_field(field: Mapping[str, Any], at: Path, problems: Problems, names: list[str]) -> None:
    kind = field.get("type")
    names.append(str(field.get("custom_id")))
    if kind not in _FIELD_TYPES:
        problems.add((*at, "type"), "UNION_TYPE_CHOICES", "This component is not allowed here.")
        return
    model: type[Strict] = (
        TextInput if kind == 4 else Select if kind in {3, 5, 6, 7, 8} else _AnyField
    )
    problems.read(model, field, at)
    if field.get("disabled"):
        problems.add(
            (*at, "disabled"),
            "COMPONENT_DISABLED_INVALID",
            "Components in modals cannot be disabled",
        )
    if field.get("required") is not False and field.get("min_values") == 0:
        problems.add(
            (*at, "min_values"), "NUMBER_TYPE_MIN", "A required field needs at least one value"
        )

"""docs/configuration.md, from infra/template.yaml and the settings that the code declares.

scripts/docs_pages.py writes it.
"""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

import functions
from utilsbot import settings as s
from utilsbot.settings import Secret, Setting

TEMPLATE = Path(__file__).parents[1] / "infra" / "template.yaml"
_SHARED = ("utilsbot.settings", "utilsbot.metrics", "utilsbot.runtime")
_MORE = "…"
_OTHERS = {
    "interactions": Setting(f"QUEUE_URL_{_MORE}", s.text, "each group's queue", required=True),
    "rescue": Setting(f"DEAD_LETTERS_{_MORE}", s.text, "each group's dead-letter queue", ""),
    "sandbox": Setting("SANDBOX_ROOT", s.text, "the folder that is emptied before every run", ""),
}
"""What is read without a Setting of its own name, by its reader."""


def configuration_page() -> str:
    """The template's parameters, and what each function is told."""
    template = yaml_parse(TEMPLATE.read_text(encoding="utf-8"))
    lines = ["\n# Configuration\n"]
    lines.append(
        "What an operator decides are **parameters** of `infra/template.yaml`: `sam deploy "
        "--guided` asks for them, `samconfig.toml` keeps them. On a laptop a `.env` file in the "
        "repository sets them, by their names in capitals ([how](local.md)). Functions are told by "
        "**environment variables**, which the template sets from the parameters.\n"
    )
    lines.append("## Parameters\n")
    rows: list[tuple[str, ...]] = [
        (f"`{name}`", _described(parameter), _default(parameter.get("Default", "must be given")))
        for name, parameter in template["Parameters"].items()
    ]
    lines += table(("Parameter", "What it is", "Default"), rows)
    lines.append("## Environment variables\n")
    lines.append(
        "On AWS nobody sets these by hand: the template does, from the parameter beside each where "
        "there is one, and the next deployment would undo anything else. Secrets are never among "
        "them: a variable names the SSM parameter.\n"
    )
    rows = sorted(_variables(template))
    lines += table(
        ("Variable", "What it is", "Default", "Parameter", "Read by"),
        ((f"`{name}`", what, default, given, who) for who, name, what, default, given in rows),
    )
    return "\n".join(lines)


def _variables(template: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str, str]]:
    """Each variable: who reads it, its name, what it is, its default and what sets it."""
    given = _given(template)
    readers = {function for variables in given.values() for function in variables}
    declared: dict[str, Setting[Any]] = {}
    for setting, module in settings():
        declared.setdefault(setting.name, setting)
        if setting.name not in given:
            given[setting.name] = {module: None}
    for setting in declared.values():
        default = "must be given" if setting.required else _default(setting.default)
        by = given[setting.name]
        set_by = sorted({name for value in by.values() for name in _parameters(value, template)})
        yield (
            _named(by.keys(), readers),
            setting.name,
            setting.help,
            default,
            ", ".join(f"`{name}`" for name in set_by) or "none",
        )


def _given(template: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What the template sets each variable to, by the functions that read it."""
    everywhere = template["Globals"]["Function"]["Environment"]["Variables"]
    found: dict[str, dict[str, Any]] = {}
    for name, resource in template["Resources"].items():
        if resource["Type"] != "AWS::Serverless::Function":
            continue
        reader = name.removesuffix("Function").lower()
        own = resource["Properties"].get("Environment", {}).get("Variables", {})
        # The sandbox reads nothing of what every function is given.
        for variable, value in (own if reader == "sandbox" else everywhere | own).items():
            if value != {"Ref": "AWS::NoValue"}:
                found.setdefault(_family(variable), {})[reader] = value
    return found


def _family(variable: str) -> str:
    """`QUEUE_URL_…` of QUEUE_URL_AI; any other variable's own name."""
    families = (one.name for one in _OTHERS.values() if one.name.endswith(_MORE))
    return next((one for one in families if variable.startswith(one.rstrip(_MORE))), variable)


def _parameters(value: Any, template: Mapping[str, Any]) -> Iterator[str]:
    """The parameters that an expression of the template is made of, by its conditions too."""
    if isinstance(value, list):
        for part in value:
            yield from _parameters(part, template)
    elif isinstance(value, Mapping):
        (function, argument), *_ = value.items()
        if function == "Ref" and argument in template["Parameters"]:
            yield argument
        elif function == "Fn::If":
            yield from _parameters(template["Conditions"][argument[0]], template)
            yield from _parameters(argument[1:], template)
        elif function != "Ref":
            yield from _parameters(argument, template)


def _named(by: Iterable[str], readers: set[str]) -> str:
    everybody = readers - {"sandbox"}
    workers = everybody - {"interactions", "rescue"}
    missing = everybody - set(by)
    if set(by) == workers:
        return "every worker"
    if not missing:
        return "all"
    return f"all but {missing.pop()}" if len(missing) == 1 else ", ".join(sorted(by))


def settings() -> Iterator[tuple[Setting[Any], str]]:
    """Every setting with the package that declares it."""
    for module in _modules():
        for value in vars(module).values():
            if isinstance(value, Setting):
                yield value, _reader(module.__name__)
    for reader, setting in _OTHERS.items():
        yield setting, reader


def _modules() -> Iterator[Any]:
    """The modules that declare settings; a setting that is imported elsewhere is not one more."""
    found = pkgutil.walk_packages(functions.__path__, "functions.")
    names = [module.name for module in found if module.name.endswith(".settings")]
    return map(importlib.import_module, [*_SHARED, *names])


def _reader(module: str) -> str:
    return "all" if module in _SHARED else module.split(".")[1]


def _described(parameter: Mapping[str, Any]) -> str:
    text = str(parameter["Description"])
    if "AllowedValues" in parameter:
        text += f" One of {', '.join(f'`{value}`' for value in parameter['AllowedValues'])}."
    return text


def _default(value: object) -> str:
    if isinstance(value, Secret) or value in {None, ""}:
        return "empty"
    if isinstance(value, frozenset | tuple):
        return ", ".join(map(str, value)) or "empty"
    return str(value) if value == "must be given" else f"`{value}`"


def table(head: tuple[str, ...], rows: Iterable[Iterable[str]]) -> list[str]:
    """A table of the page, with an empty line after it."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += [
        "| " + " | ".join(str(cell).replace("|", r"\|") for cell in row) + " |" for row in rows
    ]
    return [*lines, ""]

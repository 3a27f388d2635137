"""Finds commands by name and imports their modules only when they are asked for."""

from collections.abc import Callable, Iterator
from importlib import import_module
from types import ModuleType
from typing import Any, cast

from utilsbot.spec import Command


class CommandModule:
    """One command as it lives in the code: its spec, its group and its functions."""

    def __init__(self, group: str, module: ModuleType) -> None:
        """Args: group: the folder under functions/ that the module is in."""
        self.group = group
        self.spec = cast("Command", module.SPEC)
        self._module = module

    def function(self, name: str) -> Callable[..., Any]:
        """The function that answers, by the convention of utilsbot.spec.

        Raises:
            AttributeError: the spec declares what the module does not define; a contract test
                checks every command for it.
        """
        return cast("Callable[..., Any]", getattr(self._module, name))


class Catalog:
    """Every command of some groups. A group is a package with `COMMANDS`, its modules' names."""

    def __init__(self, *packages: str) -> None:
        """Args: packages: the groups' import names, as `functions.tools`."""
        self._packages: dict[str, str] = {}
        for package in packages:
            for slug in import_module(package).COMMANDS:
                if slug in self._packages:
                    raise ValueError(f"two commands are called {slug!r}")
                self._packages[slug] = package
        self._loaded: dict[str, CommandModule] = {}

    def find(self, name: str) -> CommandModule | None:
        """The command of that name or slug, imported on first use; None if there is none."""
        slug = name.lower().replace(" ", "_").replace("-", "_")
        package = self._packages.get(slug)
        if package is None:
            return None
        if slug not in self._loaded:
            module = import_module(f"{package}.commands.{slug}")
            self._loaded[slug] = CommandModule(package.rpartition(".")[2], module)
        return self._loaded[slug]

    def __iter__(self) -> Iterator[CommandModule]:
        """Every command, imported, in the order of the lists."""
        for slug in self._packages:
            if found := self.find(slug):
                yield found

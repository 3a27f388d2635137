"""Narrows a built template to the target it was built for. Called by `make build`.

`sam build` writes the built target into the resources' metadata but leaves the parameters open, so
`sam deploy` could ask Lambda for other processors than the wheels are for. With this, the built
template's defaults are right and CloudFormation refuses any other value.
"""

import sys
from pathlib import Path
from typing import Any

import yaml


def pin(template: dict[str, Any]) -> str:
    """Narrows the parameters to what every resource was built for.

    Args:
        template: a template that `sam build` wrote, changed in place.

    Returns:
        The target, as `arm64-python3.13`.

    Raises:
        ValueError: the resources were built for different targets.
    """
    metadata = [resource.get("Metadata", {}) for resource in template["Resources"].values()]
    targets = {m["ContextPath"].rpartition("/")[2] for m in metadata if "ContextPath" in m}
    if len(targets) != 1:
        raise ValueError(f"built for several targets: {sorted(targets)}")
    target = str(targets.pop())
    architecture, _, runtime = target.partition("-")
    for name, value in (("Architecture", architecture), ("PythonRuntime", runtime)):
        template["Parameters"][name] |= {"Default": value, "AllowedValues": [value]}
    return target


def main(path: Path) -> None:
    """Rewrites a built template."""
    template = yaml.safe_load(path.read_text(encoding="utf-8"))
    target = pin(template)
    path.write_text(yaml.safe_dump(template, sort_keys=False), encoding="utf-8")
    sys.stdout.write(f"Built for {target}: `sam deploy` takes nothing else now.\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

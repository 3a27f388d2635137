"""Makes discord_openapi.json: the parts of Discord's OpenAPI document that we send to.

    python tests/contract/prune_openapi.py specs/openapi.json

The full document is specs/openapi.json of github.com/discord/discord-api-spec.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OUTPUT = Path(__file__).with_name("discord_openapi.json")
ROOTS = {
    "callback": ("/interactions/{interaction_id}/{interaction_token}/callback", "post"),
    "create": ("/webhooks/{webhook_id}/{webhook_token}", "post"),
    "edit": ("/webhooks/{webhook_id}/{webhook_token}/messages/@original", "patch"),
    "register": ("/applications/{application_id}/commands", "put"),
}
"""What each of our requests is called here, and where it goes."""
_PREFIX = "#/components/schemas/"


def prune(document: dict[str, Any]) -> dict[str, Any]:
    """The request bodies of ROOTS and every schema that they reach, without prose."""
    schemas = document["components"]["schemas"]
    requests = {
        name: document["paths"][path][method]["requestBody"]["content"]["application/json"][
            "schema"
        ]
        for name, (path, method) in ROOTS.items()
    }
    found: dict[str, Any] = {}
    waiting = [*_references(requests), "AvailableLocalesEnum"]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = schemas[name]
            waiting += _references(schemas[name])
    return {
        "openapi": document["openapi"],
        "info": document["info"],
        "x-requests": _without_prose(requests),
        "components": {"schemas": {name: _without_prose(found[name]) for name in sorted(found)}},
    }


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str):
            yield reference.removeprefix(_PREFIX)
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def _without_prose(node: Any) -> Any:
    """A copy without the texts for readers; `description` stays where it is a property's name."""
    if isinstance(node, dict):
        return {
            key: _without_prose(value)
            for key, value in node.items()
            if not (key in ("description", "title", "example") and isinstance(value, str))
        }
    return [_without_prose(value) for value in node] if isinstance(node, list) else node


if __name__ == "__main__":
    pruned = prune(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    OUTPUT.write_text(json.dumps(pruned, indent=1, sort_keys=True) + "\n", encoding="utf-8")

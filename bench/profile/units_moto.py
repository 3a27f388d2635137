"""moto that also tells the table's writes apart, so that they can be billed as DynamoDB bills them.

    python -m bench.profile.units_moto

As bench.speed.counting_moto, whose counts it keeps: GET /bench/units gives the writes so far, by
"FUNCTION KIND", and GET /bench/rows the largest and the mean size of the rows of each kind.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from werkzeug.serving import make_server

from bench.speed.counting_moto import Counting

_SINGLE = {"PutItem", "UpdateItem", "DeleteItem"}
TRANSACTION = "in a transaction"
INDEX = "index"


class Telling(Counting):
    """The WSGI application."""

    def __init__(self) -> None:
        super().__init__()
        self._writes: Counter[str] = Counter()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """One request."""
        path = environ["PATH_INFO"]
        if path in {"/bench/units", "/bench/rows"}:
            found = self._writes if path == "/bench/units" else _rows()
            start_response("200 OK", [("content-type", "application/json")])
            return [json.dumps(found).encode()]
        action = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
        if action in _SINGLE or action == "TransactWriteItems":
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = BytesIO(body)
            caller = environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")[2]
            for kind in writes(action, json.loads(body)):
                self._writes[f"{caller.partition('/')[0]} {kind}"] += 1
        return super().__call__(environ, start_response)


def writes(action: str, request: Mapping[str, Any]) -> Iterator[str]:
    """The rows that a call writes, each as the kind that its price follows from.

    A new row with a guild's id is written to the index by_guild too. Its later updates are not: the
    index holds keys only, and keys do not change.
    """
    if action == "TransactWriteItems":
        for item in request["TransactItems"]:
            ((_, part),) = item.items()
            yield f"{_kind(part)} {TRANSACTION}"
    else:
        yield _kind(request)
        if action == "PutItem" and "guild_id" in request["Item"]:
            yield f"{_kind(request)} {INDEX}"


def _kind(request: Mapping[str, Any]) -> str:
    return kind_of(request.get("Item") or request["Key"])


def kind_of(item: Mapping[str, Any]) -> str:
    """What a row is, by the words of its key."""
    return "/".join(item[name]["S"].partition("#")[0] for name in ("pk", "sk"))


def _rows() -> dict[str, dict[str, float]]:
    sizes: dict[str, list[int]] = {}
    for regions in dynamodb_backends.values():
        for backend in regions.values():
            for table in backend.tables.values():
                for item in table.all_items():
                    sizes.setdefault(kind_of(item.to_json()["Attributes"]), []).append(item.size())
    return {kind: {"mean": sum(s) / len(s), "max": max(s)} for kind, s in sizes.items()}


if __name__ == "__main__":
    server = make_server("127.0.0.1", 0, Telling(), threaded=True)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()

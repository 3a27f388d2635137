"""moto that counts: which function made which call, as it came over the wire.

    python -m bench.speed.counting_moto

Prints its port. GET /bench/calls gives the counts so far, by "FUNCTION TARGET"; a function is told
by the access key that the local stack gives it.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable
from typing import Any

from werkzeug.serving import make_server

from local.moto_server import OneAtATime

_CREDENTIAL = re.compile(r"Credential=([^/,]+)/")


class Counting(OneAtATime):
    """The WSGI application."""

    def __init__(self) -> None:
        super().__init__()
        self._calls: Counter[str] = Counter()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """One request."""
        if environ["PATH_INFO"] == "/bench/calls":
            start_response("200 OK", [("content-type", "application/json")])
            return [json.dumps(self._calls).encode()]
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        caller = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
        self._calls[f"{caller[1] if caller else ''} {target.rpartition('.')[2]}"] += 1
        return super().__call__(environ, start_response)


if __name__ == "__main__":
    server = make_server("127.0.0.1", 0, Counting(), threaded=True)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()

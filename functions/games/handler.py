"""The games group's Lambda handler."""

import os

from functions.games.ports import build_ports
from utilsbot.runtime import build_worker

WORKER = build_worker("functions.games", os.environ, build_ports)
handle = WORKER.handle

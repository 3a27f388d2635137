"""The tools group's Lambda handler."""

import os

from functions.tools.ports import build_ports
from utilsbot.runtime import build_worker

WORKER = build_worker("functions.tools", os.environ, build_ports)
handle = WORKER.handle

"""The system group's Lambda handler."""

import os

from functions.system.ports import build_ports
from utilsbot.runtime import build_worker

WORKER = build_worker("functions.system", os.environ, build_ports)
handle = WORKER.handle

"""The network group's Lambda handler."""

import os

from functions.network.ports import build_ports
from utilsbot.runtime import build_worker

WORKER = build_worker("functions.network", os.environ, build_ports)
handle = WORKER.handle

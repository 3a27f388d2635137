"""The AI group's Lambda handler."""

import os

from functions.ai.ports import build_ports
from utilsbot.runtime import build_worker

WORKER = build_worker("functions.ai", os.environ, build_ports)
handle = WORKER.handle

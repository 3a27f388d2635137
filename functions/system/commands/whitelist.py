"""/whitelist: add, remove, list, check."""

from functions.system.rolls import roll_functions, roll_spec
from utilsbot.store.operators import Roll

SPEC = roll_spec(
    Roll.WHITELIST,
    summary="Who may use the bot while its beta is closed",
    explained="Counts while the beta is closed (`/beta`): then only members may use "
    "commands, and everyone in a server that is on the list.",
)
run_add, run_remove, run_list, run_check, on_page = roll_functions(Roll.WHITELIST)

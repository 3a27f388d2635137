"""/blacklist: add, remove, list, check."""

from functions.system.rolls import roll_functions, roll_spec
from utilsbot.store.operators import Roll

SPEC = roll_spec(
    Roll.BLACKLIST,
    summary="Who may not use the bot at all",
    explained="Members may use no command, whatever the whitelist says; in a server on the list "
    "nobody may.",
)
run_add, run_remove, run_list, run_check, on_page = roll_functions(Roll.BLACKLIST)

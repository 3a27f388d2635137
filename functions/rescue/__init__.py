"""The rescue: reads every dead-letter queue, so that no failed command is met with silence.

No command lives here. docs/failed.md says what is kept, for how long, and how to run it again.
"""

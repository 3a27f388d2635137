"""Answers one prompt: pays first, streams, falls back to another model once, settles, counts."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from functions.ai.failures import allowance_spent, no_answer, too_long
from functions.ai.model import API, Ending, Failure, ModelFailed, Models, Prompt
from functions.ai.spending import Spending
from functions.ai.tokens import prompt_tokens
from utilsbot.clock import Clock
from utilsbot.context import Context
from utilsbot.errors import StoreError
from utilsbot.log import Logger
from utilsbot.meter import Meter
from utilsbot.store.allowances import Reservation

_DELIVERY_S = 8.0
"""What is kept of the function's time for sending up to ten messages."""
_WORTH_A_TRY_S = 3.0
"""With less time left the next model is not asked any more."""


class Answer(NamedTuple):
    """What a model said."""

    text: str
    model: str
    tokens: int
    """What the question cost in all."""
    answer_tokens: int
    ending: Ending


class Limits(NamedTuple):
    """What one question may be."""

    input_tokens: int
    output_tokens: int
    total_s: float


class Assistant:
    """Asks the models in their order, within the allowances."""

    def __init__(
        self,
        models: Models,
        names: Sequence[str],
        *,
        spending: Spending,
        limits: Limits,
        instruction: str,
        clock: Clock,
        log: Logger,
    ) -> None:
        """Args: names: of the models, the first choice first. instruction: the operator's."""
        self._models = models
        self._names = tuple(names)
        self._spending = spending
        self._limits = limits
        self.instruction = instruction
        self._clock = clock
        self._log = log

    def answer(
        self, ctx: Context, prompt: Prompt, meter: Meter, show: Callable[[str], None]
    ) -> Answer:
        """The answer.

        Args:
            ctx: whose call it is.
            prompt: what is asked.
            meter: counts the calls and knows the time that is left.
            show: is called with the text so far as it grows.

        Raises:
            UserError: too long, an allowance is spent, or no model answers; each with its text.
            StoreError: the allowances could not be checked, so nothing was asked.
        """
        tokens = prompt_tokens(prompt)
        if tokens > self._limits.input_tokens:
            raise too_long(tokens, self._limits.input_tokens)
        reservation = Reservation.of(
            self._spending.purses(ctx), tokens + self._limits.output_tokens, ctx.interaction.id
        )
        if refused := self._spending.allowances.reserve(reservation):
            raise allowance_spent(
                refused.whose,
                refused.requests,
                refused.tokens,
                self._spending.starts_again_at(ctx),
            )
        bill = _Bill(tokens)
        try:
            return self._ask(prompt, meter, show, bill)
        except ModelFailed as failed:
            raise no_answer(failed, self._clock.now()) from None
        finally:
            self._settle(reservation, bill)

    def close(self) -> None:
        """Closes the models' connections."""
        self._models.close()

    def _ask(
        self, prompt: Prompt, meter: Meter, show: Callable[[str], None], bill: "_Bill"
    ) -> Answer:
        """The answer of the first model, or of the second where the first one fails."""
        deadline = self._clock.monotonic() + self._limits.total_s
        first, *others = self._names
        try:
            return self._ask_one(first, prompt, meter, show, bill, deadline)
        except ModelFailed as failed:
            left_s = min(deadline, meter.deadline - _DELIVERY_S) - self._clock.monotonic()
            if not (others and failed.failure.another_model_may_help and left_s > _WORTH_A_TRY_S):
                raise
            self._log(
                "model failed",
                level="WARNING",
                model=first,
                reason=failed.failure.value,
                detail=failed.detail,
            )
        show("")
        return self._ask_one(others[0], prompt, meter, show, bill, deadline)

    def _ask_one(
        self,
        model: str,
        prompt: Prompt,
        meter: Meter,
        show: Callable[[str], None],
        bill: "_Bill",
        deadline: float,
    ) -> Answer:
        until = min(deadline, meter.deadline - _DELIVERY_S)
        total_s = max(1.0, until - self._clock.monotonic())
        text, tokens, answer_tokens, ending = "", 0, 0, Ending.INTERRUPTED
        with meter.call(API) as call:
            try:
                for piece in self._models.stream(model, prompt, total_s=total_s):
                    text += piece.text
                    tokens = max(tokens, piece.tokens)
                    answer_tokens = piece.answer_tokens or answer_tokens
                    ending = piece.ending or ending
                    if piece.text:
                        show(text)
            except ModelFailed as failed:
                call.fail(failed.failure.value)
                tokens = max(tokens, failed.tokens)
                bill.charge = bill.charge or failed.failure is Failure.BLOCKED
                raise
            finally:
                call.tokens = tokens
                bill.tokens += tokens
            bill.answered(tokens, text)
            call.outcome = ending.value
        return Answer(text.strip(), model, bill.tokens, answer_tokens, ending)

    def _settle(self, reservation: Reservation, bill: "_Bill") -> None:
        """Bookkeeping never fails an answer; what is not given back now ends with the day."""
        try:
            self._spending.allowances.settle(reservation, spent=bill.tokens, charge=bill.charge)
        except StoreError as error:
            self._log("allowance not settled", level="WARNING", cause=str(error))


class _Bill:
    """What a question has cost, over all models that were asked."""

    def __init__(self, prompt: int) -> None:
        """Args: prompt: the estimate, for answers that came without a count."""
        self.tokens = 0
        self.charge = False
        """Whether it counts as a request: answered, or blocked for what was asked."""
        self._prompt = prompt

    def answered(self, tokens: int, text: str) -> None:
        """Notes an answer; one that broke off before any count is estimated."""
        self.charge = True
        if not tokens:
            self.tokens += self._prompt + len(text) // 4

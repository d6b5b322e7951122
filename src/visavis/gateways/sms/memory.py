"""A gateway that keeps what it is given, for tests."""

from collections import deque

from visavis.gateways.sms import Accepted, Sms, SmsError


class MemoryGateway:
    """Accepts everything but what `fail` says; `sent` shows the texts, oldest first."""

    def __init__(self) -> None:
        self.sent: list[Sms] = []
        self._troubles: deque[SmsError] = deque()

    def fail(self, error: SmsError, *, times: int = 1) -> None:
        """Let the next texts be refused."""
        self._troubles.extend([error] * times)

    def send(self, sms: Sms) -> Accepted:
        """Keep the text. Raises what `fail` was told to."""
        if self._troubles:
            raise self._troubles.popleft()
        self.sent.append(sms)
        return Accepted(f"kept as number {len(self.sent)}")

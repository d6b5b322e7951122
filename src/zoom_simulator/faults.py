"""Faults which can be switched on: what goes wrong, for whom, and how many times.

A fault is a record; the places where things can go wrong ask `Faults.take` whether one of the
kinds they know is due for the call at hand. A fault with `times` disappears when used up.
"""

import fnmatch
import itertools
from dataclasses import dataclass, field
from enum import StrEnum

from zoom_simulator.models import JSON


class FaultKind(StrEnum):
    """Everything that can be made to go wrong."""

    # The token endpoint.
    REFRESH_LOST = "refresh_lost"
    INVALID_GRANT = "invalid_grant"
    XML_ANSWER = "token_xml"
    HTML_ANSWER = "token_html"
    NO_ANSWER = "token_timeout"
    ERROR_AS_200 = "token_error_200"
    FAILURE = "token_server_error"
    # REST calls, before anything has been done.
    UNAUTHORIZED = "unauthorized"
    EXPIRED = "token_expired"
    MISSING_SCOPE = "missing_scope"
    SHARED_ACCESS = "shared_access"
    API_DENIED = "api_denied"
    TOO_MANY_PER_SECOND = "too_many_per_second"
    TOO_MANY_PER_DAY = "too_many_per_day"
    SERVER_ERROR = "server_error"
    HTML_PAGE = "html_page"
    ERROR_200 = "error_200"
    USER_MISSING = "user_missing"
    MEETING_MISSING = "meeting_missing"
    REFUSED = "refused"
    CONNECTION_DROPPED = "connection_dropped"
    TIMEOUT = "timeout"
    # REST calls and the token endpoint, around the work.
    LOST_RESPONSE = "lost_response"
    SLOW = "slow"
    # What instant meetings are given.
    PMI_CAPTURE = "pmi_capture"
    # Webhooks.
    WEBHOOK_LOST = "webhook_lost"
    WEBHOOK_LATE = "webhook_late"
    WEBHOOK_TWICE = "webhook_twice"
    WEBHOOK_OUT_OF_ORDER = "webhook_out_of_order"
    WEBHOOK_BADLY_SIGNED = "webhook_badly_signed"


AT_THE_TOKEN_ENDPOINT = (
    FaultKind.REFRESH_LOST,
    FaultKind.INVALID_GRANT,
    FaultKind.XML_ANSWER,
    FaultKind.HTML_ANSWER,
    FaultKind.NO_ANSWER,
    FaultKind.ERROR_AS_200,
    FaultKind.FAILURE,
)
BEFORE_THE_WORK = (
    FaultKind.CONNECTION_DROPPED,
    FaultKind.TIMEOUT,
    FaultKind.HTML_PAGE,
    FaultKind.SERVER_ERROR,
    FaultKind.UNAUTHORIZED,
    FaultKind.EXPIRED,
    FaultKind.API_DENIED,
    FaultKind.TOO_MANY_PER_SECOND,
    FaultKind.TOO_MANY_PER_DAY,
    FaultKind.MISSING_SCOPE,
    FaultKind.SHARED_ACCESS,
    FaultKind.USER_MISSING,
    FaultKind.MEETING_MISSING,
    FaultKind.ERROR_200,
    FaultKind.REFUSED,
)

AROUND_THE_WORK = (FaultKind.LOST_RESPONSE, FaultKind.SLOW)
FAULTS_BY_PLACE = {
    "Token endpoint": AT_THE_TOKEN_ENDPOINT,
    "REST calls": BEFORE_THE_WORK,
    "Both": AROUND_THE_WORK,
    "Instant meetings": (FaultKind.PMI_CAPTURE,),
    "Webhooks": tuple(kind for kind in FaultKind if kind.startswith("webhook_")),
}


@dataclass(frozen=True)
class Subject:
    """What a call or an event is about, for faults to aim at."""

    app: str = ""
    account: str = ""
    user: str = ""
    method: str = ""
    path: str = ""


@dataclass
class Fault:
    """One thing that goes wrong until it is used up or removed."""

    id: int
    kind: FaultKind
    times: int | None = None
    app: str = ""
    account: str = ""
    user: str = ""
    method: str = ""
    path: str = ""
    params: JSON = field(default_factory=dict)
    used: int = 0

    def hits(self, subject: Subject) -> bool:
        """Return whether this fault is meant for `subject`. What is empty fits everything."""
        return (
            self.app in {"", subject.app}
            and self.account in {"", subject.account}
            and (self.user in {"", subject.user} or f"/{self.user}/" in f"{subject.path}/")
            and self.method.upper() in {"", subject.method.upper()}
            and (not self.path or fnmatch.fnmatchcase(subject.path, self.path))
        )


class Faults:
    """The faults now switched on, in the order they were added."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._ids = itertools.count(1)

    def add(self, kind: FaultKind, **options: object) -> Fault:
        """Switch a fault on. `options` are the other fields of `Fault`."""
        fault = Fault(next(self._ids), kind, **options)  # type: ignore[arg-type]
        self._faults.append(fault)
        return fault

    def take(self, subject: Subject, *kinds: FaultKind) -> Fault | None:
        """Return the first fault of these kinds for `subject`, and count it as used."""
        for fault in self._faults:
            if fault.kind in kinds and fault.hits(subject):
                fault.used += 1
                if fault.times is not None and fault.used >= fault.times:
                    self._faults.remove(fault)
                return fault
        return None

    def all(self) -> list[Fault]:
        """Return the faults now on."""
        return list(self._faults)

    def remove(self, fault_id: int) -> bool:
        """Switch one fault off. Return whether it was on."""
        before = len(self._faults)
        self._faults = [fault for fault in self._faults if fault.id != fault_id]
        return len(self._faults) < before

    def clear(self) -> None:
        """Switch every fault off."""
        self._faults.clear()

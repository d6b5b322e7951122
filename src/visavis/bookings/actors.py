"""Who changes a booking: a client, somebody on the company's side, or the clock."""

from dataclasses import dataclass

from visavis.companies.models import User
from visavis.core.policies import Actor


@dataclass(frozen=True, slots=True)
class By:
    """The acting person, as histories show them."""

    actor: Actor
    name: str = ""
    user: User | None = None

    @property
    def is_client(self) -> bool:
        return self.actor is Actor.CLIENT


def by_staff(user: User) -> By:
    """Return a member of the company as the one who acts."""
    return By(Actor.STAFF, str(user), user)


def by_client(name: str) -> By:
    """Return the client as the one who acts."""
    return By(Actor.CLIENT, name)


BY_CLOCK = By(Actor.CLOCK)

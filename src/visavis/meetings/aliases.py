"""What is kept of a platform's user once the grant has ended: not who it was, only if it is again.

Zoom wants what it told of its users deleted within ten days of a removal (developers.zoom.us,
"Data compliance"). A host's id is replaced by its keyed hash, from which nobody gets back to
the id. Who connects the same account again need not choose the hosts again, and meanwhile
providers who share a host still do.
"""

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

PREFIX = "former:"
_LENGTH = 32


def alias_of(host_id: str) -> str:
    """Return what stands for a host. Of an alias it is the alias itself, of nobody nobody."""
    if not host_id or is_alias(host_id):
        return host_id
    digest = salted_hmac("visavis.meetings.host", host_id, algorithm="sha256").hexdigest()
    return f"{PREFIX}{digest[:_LENGTH]}"


def is_alias(host_id: str) -> bool:
    """Tell whether it only stands for a host of an account that is not connected any more."""
    return host_id.startswith(PREFIX)


def name_without(host_id: str) -> str:
    """Return how to call a host whose name is not known, in the active language."""
    return _("The Zoom user chosen before") if is_alias(host_id) else host_id

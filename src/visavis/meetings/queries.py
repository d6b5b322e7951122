"""Join links of many bookings or meetings at once, for lists."""

from collections.abc import Collection

from visavis.meetings.models import JoinLink


def first_client_links(holder_ids: Collection[int]) -> dict[int, JoinLink]:
    """Return each booking's way in (of several places the first), by the booking's key."""
    links = JoinLink.objects.standing().filter(side=JoinLink.Side.CLIENT, holder_id__in=holder_ids)
    return {link.holder_id: link for link in links.order_by("-place")}


def provider_links(meeting_ids: Collection[int]) -> dict[int, JoinLink]:
    """Return the provider's way into each meeting, by the meeting's key."""
    links = JoinLink.objects.standing().filter(side=JoinLink.Side.PROVIDER, meeting__in=meeting_ids)
    return {link.meeting_id: link for link in links}

"""Online meetings: what is wanted of a platform, what it is known to hold, and the ways in.

`Meeting` says what is wanted and is written by booking operations; `Room` says what a
platform was asked for and answered, and is written by `meetings.operations` alone.
"""

from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from visavis.catalog.models import Provider
from visavis.companies.models import Company, new_token
from visavis.connections.encryption import EncryptedTextField, is_unreadable
from visavis.gateways.video import LONGEST_NAME

# No add-on of Zoom's allows more meetings at a time than this.
MOST_AT_ONCE = 20


class Platform(models.TextChoices):
    """Where a provider meets clients online."""

    NONE = "none", pgettext_lazy("platform", "None")
    ZOOM = "zoom", "Zoom"
    JITSI = "jitsi", "Jitsi Meet"
    FIXED = "fixed", _("Own fixed link")


class MeetingSettings(models.Model):
    """How a company meets online. A company without a row gets the defaults."""

    class Opening(models.TextChoices):
        """What lets clients into the room."""

        AT_THE_HOUR = "at_the_hour", _("When the hour comes")
        BY_THE_PROVIDER = "by_the_provider", _("When the provider starts the meeting")

    class Strategy(models.TextChoices):
        """Which kind of room is asked for, and when."""

        INSTANT = "instant", _("At the hour, and not listed on Zoom's Meetings page")
        SCHEDULED = "scheduled", _("At the hour, and listed on Zoom's Meetings page")
        AHEAD = "ahead", _("When it is booked, and listed on Zoom's Meetings page")

    company = models.OneToOneField(Company, models.CASCADE, related_name="meeting_settings")
    opening = models.CharField(
        _("clients enter"), max_length=20, choices=Opening, default=Opening.AT_THE_HOUR
    )
    early_start_minutes = models.PositiveIntegerField(
        _("providers may start early by"), default=15, validators=[MaxValueValidator(120)]
    )
    strategy = models.CharField(
        _("the room is made"), max_length=20, choices=Strategy, default=Strategy.INSTANT
    )
    # How long after the start clients may still come in; empty: until the end.
    late_minutes = models.PositiveIntegerField(
        _("clients may come until"), null=True, blank=True, validators=[MaxValueValidator(240)]
    )
    # What a Zoom user may lead depends on the plan: 1 on Basic and Pro, 2 on Business, Education
    # and Enterprise, up to 20 with an add-on
    # (https://support.zoom.com/hc/en/article?id=zm_kb&sysparm_article=KB0068522).
    meetings_at_once = models.PositiveSmallIntegerField(
        _("meetings at a time per Zoom user"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_AT_ONCE)],
    )
    fallback = models.CharField(
        _("if the platform cannot be had"), max_length=20, choices=Platform, default=Platform.NONE
    )
    fallback_link = models.URLField(_("fixed link"), blank=True, max_length=500)

    def __str__(self) -> str:
        return f"meeting settings of {self.company}"


class MeetingProvider(models.Model):
    """Which platform a provider meets on, and as which of its users."""

    provider = models.OneToOneField(Provider, models.CASCADE, related_name="meeting_provider")
    platform = models.CharField(
        _("platform"), max_length=20, choices=Platform, default=Platform.NONE
    )
    # An id of the platform, or an alias of one while its connection has ended.
    host_id = models.CharField(_("host"), max_length=100, blank=True)
    host_name = models.CharField(max_length=200, blank=True)
    fixed_link = models.URLField(_("link"), blank=True, max_length=500)

    def __str__(self) -> str:
        return f"{self.provider}: {self.platform}"


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def wanted(self) -> Self:
        return self.filter(wanted=True)


class Meeting(models.Model):
    """What an appointment wants of a platform. Exists while, or since, it was online."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="meetings")
    provider = models.ForeignKey(Provider, models.CASCADE, related_name="meetings")
    topic = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    wanted = models.BooleanField(default=True)
    # When the provider pressed Start: clients are let in and a room is made at once.
    started_at = models.DateTimeField(null=True)
    # When the platform said that it is over, or we gave it up after its time.
    ended_at = models.DateTimeField(null=True)

    # The worker's side: when to look again, who looks, and what went wrong last.
    look_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    fault = models.CharField(max_length=40, blank=True)
    fault_detail = models.TextField(blank=True)
    fault_since = models.DateTimeField(null=True)
    fault_told_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    # What will go otherwise than people expect: words of `meetings.preflight`, parted by blanks.
    notices = models.CharField(max_length=100, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["look_at"], condition=Q(look_at__isnull=False), name="meeting_due"
            ),
            models.Index(fields=["company", "starts_at"], name="meeting_by_company"),
            models.Index(fields=["provider", "starts_at"], name="meeting_by_provider"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.starts_at:%Y-%m-%d %H:%M} UTC"


class RoomQuerySet(models.QuerySet["Room"]):
    def current(self) -> Self:
        """The one room of a meeting that may still be used."""
        return self.filter(closed_at=None)


class Room(models.Model):
    """One actual room: asked for, perhaps opened, and closed for a reason."""

    class Closed(models.TextChoices):
        ENDED = "ended", _("The meeting ended")
        UNWANTED = "unwanted", _("The appointment was cancelled or moved")
        HOST_CHANGED = "host_changed", _("Another host took over")
        ANSWER_LOST = "answer_lost", _("The platform's answer was lost")
        REFUSED = "refused", _("The platform refused")
        VANISHED = "vanished", _("It was deleted at the platform")
        FAILED = "failed", _("The platform failed, and everybody met elsewhere")
        TRIED_AGAIN = "tried_again", _("Staff had the first platform tried again")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="rooms")
    # Whom it was opened for; it may be led by somebody else by now.
    provider = models.ForeignKey(Provider, models.SET_NULL, null=True, related_name="+")
    platform = models.CharField(max_length=20, choices=Platform)
    # A user of the platform, or the link itself where a link is all there is.
    host_id = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_because = models.CharField(max_length=20, choices=Closed, blank=True)
    # Zoom's ids are wider than 32 bits and its uuid may hold slashes: both are text.
    external_id = models.CharField(max_length=500, blank=True)
    external_uuid = models.CharField(max_length=100, blank=True)
    join_url = EncryptedTextField(blank=True)
    passcode = EncryptedTextField(blank=True)
    fallback = models.BooleanField(default=False)
    live = models.BooleanField(default=False)
    host_joined_at = models.DateTimeField(null=True)
    # The platform makes no ways in with names for it, so that it is not asked again.
    nameless = models.BooleanField(default=False)
    # What the platform was told of a room that it lists; empty for one that it does not.
    plan = models.CharField(max_length=250, blank=True)
    # By this word in its description a listed room is found again when its answer was lost.
    reference = models.CharField(max_length=48, default=new_token, editable=False)
    # When to try to remove what the platform still has of a closed room; empty: nothing.
    remove_at = models.DateTimeField(null=True)
    # How often the platform was asked, after closing, who had been there.
    attendance_looks = models.PositiveSmallIntegerField(default=0)

    objects = RoomQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["platform", "external_id"], name="room_by_external_id"),
            models.Index(fields=["platform", "host_id", "asked_at"], name="room_by_host"),
            models.Index(
                fields=["remove_at"], condition=Q(remove_at__isnull=False), name="room_to_remove"
            ),
            models.Index(fields=["platform", "closed_at"], name="room_by_closing"),
        ]
        constraints: ClassVar = [
            # Two people of one appointment can never be sent to two rooms.
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(closed_at=None), name="room_one_in_use"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.external_id or '…'}"

    @property
    def usable(self) -> bool:
        """Tell whether people can be sent there: it was opened, and we can read how to enter."""
        return self.opened_at is not None and not is_unreadable(self.join_url)


class JoinLinkQuerySet(models.QuerySet["JoinLink"]):
    def standing(self) -> Self:
        return self.filter(revoked_at=None)


class JoinLink(models.Model):
    """One person's way in: `/meet/<token>`. It outlives moves; `meeting` follows the holder."""

    class Side(models.TextChoices):
        CLIENT = "client", _("Client")
        PROVIDER = "provider", _("Provider")

    class Revoked(models.TextChoices):
        CANCELLED = "cancelled", _("The booking was cancelled")
        PROVIDER_CHANGED = "provider_changed", _("Somebody else took over")
        NOT_ONLINE = "not_online", _("The appointment no longer takes place online")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="links")
    side = models.CharField(max_length=10, choices=Side)
    # The key of the booking (client's side) or of the provider: this layer knows no bookings.
    holder_id = models.BigIntegerField()
    place = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=100, blank=True)
    token = models.CharField(max_length=48, unique=True, default=new_token)
    revoked_at = models.DateTimeField(null=True)
    revoked_because = models.CharField(max_length=20, choices=Revoked, blank=True)
    seen_at = models.DateTimeField(null=True)
    forwarded_at = models.DateTimeField(null=True)

    objects = JoinLinkQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting", "side", "holder_id", "place"],
                condition=Q(revoked_at=None),
                name="join_link_one_per_place",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["side", "holder_id"], name="join_link_by_holder")]

    def __str__(self) -> str:
        return f"{self.side} link of {self.meeting}"


class PersonalLink(models.Model):
    """The name under which somebody enters a room, and the platform's address that carries it.

    The address goes when the room closes. The name stays as long as the link: by it the
    platform tells who came.
    """

    link = models.ForeignKey(JoinLink, models.CASCADE, related_name="personal_links")
    room = models.ForeignKey(Room, models.CASCADE, related_name="personal_links")
    name = models.CharField(max_length=LONGEST_NAME)
    url = EncryptedTextField(blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["link", "room"], name="personal_link_one_per_room"),
            models.UniqueConstraint(fields=["room", "name"], name="personal_link_tells_apart"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["room"], condition=~Q(url=""), name="personal_link_open"),
        ]

    def __str__(self) -> str:
        return f"{self.name} in {self.room}"


class Presence(models.Model):
    """One stay of one person in one room, as the platform told it.

    What is personal here came from the platform. It goes with the link, and when the
    platform takes back our right to it: see `presences.forget_ended`.
    """

    room = models.ForeignKey(Room, models.CASCADE, related_name="presences")
    # Whose it was, as far as we can tell.
    link = models.ForeignKey(JoinLink, models.CASCADE, null=True, related_name="presences")
    # What the platform calls the stay: the same in its events and in its list afterwards.
    number = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=200, blank=True)
    joined_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    noted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["room", "number"], condition=~Q(number=""), name="presence_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} in {self.room}"

"""What a company offers, who provides it, and when.

Rules about time are kept as local wall time in the zone of whoever they belong to,
never as offsets: `starts` and `ends` are minutes after local midnight.
"""

from datetime import date
from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from visavis.companies.models import Company, Member
from visavis.companies.zones import valid_zone

LONGEST_MINUTES = 24 * 60


class Category(models.Model):
    """A heading under which offerings stand on the booking site."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="categories")
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("company", Lower("name"), name="category_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ProviderQuerySet(models.QuerySet["Provider"]):
    def active(self) -> Self:
        return self.filter(active=True)

    def in_order(self) -> Self:
        return self.order_by("position", "name", "pk")


class Provider(models.Model):
    """A person whose time is booked. May also have a sign-in, through `member`."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="providers")
    member = models.OneToOneField(
        Member, models.SET_NULL, null=True, blank=True, related_name="provider"
    )
    name = models.CharField(_("name"), max_length=100)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    description = models.TextField(_("description"), blank=True, max_length=2000)
    photo = models.ImageField(_("photo"), upload_to="providers/", blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[valid_zone])
    language = models.CharField(_("language"), max_length=10, default="en")
    colour = models.CharField(
        _("colour"),
        max_length=7,
        default="#0f766e",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$")],
    )
    position = models.PositiveIntegerField(default=0)
    active = models.BooleanField(_("active"), default=True)

    objects = ProviderQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class OfferingQuerySet(models.QuerySet["Offering"]):
    def active(self) -> Self:
        return self.filter(active=True)

    def public(self) -> Self:
        """Those that the booking site lists. A hidden one is reached by its direct link."""
        return self.filter(active=True, listed=True)

    def in_order(self) -> Self:
        return self.order_by("category__position", "position", "name", "pk")


class Offering(models.Model):
    """What can be booked: a service (times are found) or a class (sessions are set)."""

    class Kind(models.TextChoices):
        SERVICE = "service", _("Service")
        CLASS = "class", _("Class")

    company = models.ForeignKey(Company, models.CASCADE, related_name="offerings")
    kind = models.CharField(max_length=10, choices=Kind)
    category = models.ForeignKey(
        Category,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="offerings",
        verbose_name=_("category"),
    )
    providers = models.ManyToManyField(
        Provider, related_name="offerings", blank=True, verbose_name=_("providers")
    )
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("direct link"), max_length=60)
    description = models.TextField(_("description"), blank=True, max_length=5000)
    photo = models.ImageField(_("photo"), upload_to="offerings/", blank=True)
    price = models.DecimalField(
        _("price"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    place = models.CharField(_("where it takes place"), max_length=200, blank=True)
    duration_minutes = models.PositiveIntegerField(
        _("duration"), validators=[MinValueValidator(5), MaxValueValidator(LONGEST_MINUTES)]
    )
    buffer_before_minutes = models.PositiveIntegerField(
        _("buffer before"), default=0, validators=[MaxValueValidator(LONGEST_MINUTES)]
    )
    buffer_after_minutes = models.PositiveIntegerField(
        _("buffer after"), default=0, validators=[MaxValueValidator(LONGEST_MINUTES)]
    )
    step_minutes = models.PositiveIntegerField(
        _("start every"),
        null=True,
        blank=True,
        validators=[MinValueValidator(5), MaxValueValidator(LONGEST_MINUTES)],
    )
    seats = models.PositiveIntegerField(
        _("seats"), default=1, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    places_max = models.PositiveIntegerField(
        _("places per booking"), default=1, validators=[MinValueValidator(1)]
    )
    notice_minutes = models.PositiveIntegerField(_("least notice"), null=True, blank=True)
    horizon_days = models.PositiveIntegerField(
        _("furthest ahead"), null=True, blank=True, validators=[MaxValueValidator(730)]
    )
    day_limit = models.PositiveIntegerField(
        _("most appointments per provider and day"), null=True, blank=True
    )
    approval_wanted = models.BooleanField(_("bookings need approval"), default=False)
    online = models.BooleanField(_("online meeting"), default=False)
    listed = models.BooleanField(_("listed on the booking site"), default=True)
    active = models.BooleanField(_("active"), default=True)
    position = models.PositiveIntegerField(default=0)

    objects = OfferingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "slug"], name="offering_slug_once"),
            models.CheckConstraint(condition=Q(seats__gte=1), name="offering_has_a_seat"),
            models.CheckConstraint(
                condition=Q(places_max__gte=1) & Q(places_max__lte=F("seats")),
                name="offering_places_fit_seats",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_class(self) -> bool:
        return self.kind == self.Kind.CLASS

    @property
    def is_group(self) -> bool:
        return self.seats > 1


class ClassSchedule(models.Model):
    """When a class meets: an RFC 5545 recurrence rule on local wall time.

    Sessions are made from it ahead of time, as appointments.
    """

    offering = models.ForeignKey(Offering, models.CASCADE, related_name="schedules")
    provider = models.ForeignKey(Provider, models.CASCADE, related_name="class_schedules")
    first_day = models.DateField(_("first session"))
    starts = models.PositiveIntegerField(_("starts at"), validators=[MaxValueValidator(1439)])
    rule = models.CharField(_("repeats"), max_length=200, default="FREQ=WEEKLY")
    last_day = models.DateField(_("last session"), null=True, blank=True)
    # Dates on which it does not take place, as ISO dates: read and written as a whole.
    days_left_out = models.JSONField(default=list, editable=False)

    def __str__(self) -> str:
        return f"{self.offering} {self.rule}"

    @property
    def excluded(self) -> frozenset[date]:
        return frozenset(date.fromisoformat(day) for day in self.days_left_out)


class HoursOwned(models.Model):
    """Hours belong to a provider, to an offering, or (neither given) to the company."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="+")
    provider = models.ForeignKey(Provider, models.CASCADE, null=True, blank=True, related_name="+")
    offering = models.ForeignKey(Offering, models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(provider=None) | Q(offering=None), name="%(class)s_one_owner"
            ),
        ]


class WeeklyHours(HoursOwned):
    """An interval of every week. `ends` beyond 1440 lasts into the next day."""

    weekday = models.PositiveSmallIntegerField(validators=[MaxValueValidator(6)])  # 0 is Monday
    starts = models.PositiveIntegerField(validators=[MaxValueValidator(1439)])
    ends = models.PositiveIntegerField(validators=[MaxValueValidator(2880)])

    class Meta(HoursOwned.Meta):
        indexes: ClassVar = [models.Index(fields=["company", "provider"], name="weekly_by_owner")]
        constraints: ClassVar = [
            *HoursOwned.Meta.constraints,
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="weekly_ends_later"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts}-{self.ends}"


class SpecialHours(HoursOwned):
    """An interval of one date, replacing its weekly hours; no interval means closed."""

    day = models.DateField(_("day"))
    starts = models.PositiveIntegerField(
        _("from"), null=True, blank=True, validators=[MaxValueValidator(1439)]
    )
    ends = models.PositiveIntegerField(
        _("to"), null=True, blank=True, validators=[MaxValueValidator(2880)]
    )

    class Meta(HoursOwned.Meta):
        indexes: ClassVar = [models.Index(fields=["company", "day"], name="special_by_day")]
        constraints: ClassVar = [
            *HoursOwned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(starts=None, ends=None) | Q(ends__gt=F("starts")),
                name="special_ends_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.starts}-{self.ends}"


class TimeOff(models.Model):
    """A stretch in which a provider is away. Whole days, or part of them, in local time."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="+")
    provider = models.ForeignKey(Provider, models.CASCADE, related_name="time_off")
    first_day = models.DateField(_("from"))
    starts = models.PositiveIntegerField(default=0, validators=[MaxValueValidator(1439)])
    last_day = models.DateField(_("to"))
    ends = models.PositiveIntegerField(default=1440, validators=[MaxValueValidator(1440)])
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["provider", "last_day"], name="time_off_ahead")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(last_day__gt=F("first_day"))
                | Q(last_day=F("first_day"), ends__gt=F("starts")),
                name="time_off_ends_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.first_day}-{self.last_day}"


class HolidayCalendar(models.Model):
    """Whose public holidays close the company, or one provider who follows others than it.

    A provider without one follows the company's; one without a country has no holidays.
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="+")
    provider = models.OneToOneField(
        Provider, models.CASCADE, null=True, related_name="holiday_calendar"
    )
    # ISO 3166-1 and the part of ISO 3166-2 after the hyphen, as the `holidays` library has them.
    country = models.CharField(max_length=2, blank=True)
    subdivision = models.CharField(max_length=40, blank=True)
    # Holidays on which work goes on as usual, as ISO dates: read and written as a whole.
    kept_open = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company"], condition=Q(provider=None), name="holidays_one_per_company"
            ),
            models.CheckConstraint(
                condition=~Q(provider=None, country=""), name="holidays_of_a_country"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.subdivision}".strip()

    @property
    def days_kept_open(self) -> frozenset[date]:
        return frozenset(date.fromisoformat(day) for day in self.kept_open)

"""Services and classes."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visavis.back_office.forms.choices import (
    BUFFERS,
    HORIZONS,
    NOTICES,
    STEPS,
    MinutesField,
    offer_current,
)
from visavis.back_office.forms.pictures import resized
from visavis.catalog.models import Category, Offering, Provider
from visavis.companies import features
from visavis.core.rules import LONGEST
from visavis.design.widgets import DurationInput, ImageInput, Switch

Part = tuple[Promise, tuple[str, ...]]
AS_COMPANY = gettext_lazy("As set for the company")
WHAT: Part = (
    gettext_lazy("Description"),
    ("name", "description", "category", "price", "place", "photo"),
)
RULES: Part = (
    gettext_lazy("Booking rules"),
    ("notice_minutes", "horizon_days", "day_limit", "approval_wanted", "listed"),
)


class OfferingForm(forms.ModelForm[Offering]):
    """What services and classes have in common. `parts` is how pages group the fields."""

    parts: ClassVar[tuple[Part, ...]] = ()

    buffer_before_minutes = MinutesField(
        BUFFERS,
        label=gettext_lazy("Buffer before"),
        help_text=gettext_lazy("Kept free before each appointment. Clients do not see it."),
    )
    buffer_after_minutes = MinutesField(BUFFERS, label=gettext_lazy("Buffer after"))
    notice_minutes = MinutesField(NOTICES, nothing=AS_COMPANY, label=gettext_lazy("Least notice"))
    horizon_days = MinutesField(
        HORIZONS, unit=1440, nothing=AS_COMPANY, label=gettext_lazy("Furthest ahead")
    )

    class Meta:
        model = Offering
        fields: tuple[str, ...] = (
            "name",
            "description",
            "category",
            "photo",
            "price",
            "place",
            "duration_minutes",
            "buffer_before_minutes",
            "buffer_after_minutes",
            "seats",
            "places_max",
            "notice_minutes",
            "horizon_days",
            "approval_wanted",
            "listed",
        )
        widgets: ClassVar = {
            "photo": ImageInput(),
            "duration_minutes": DurationInput(),
            "approval_wanted": Switch(),
            "listed": Switch(),
            "description": forms.Textarea(attrs={"rows": 4}),
            "price": forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01", "min": "0"}),
        }
        help_texts: ClassVar = {
            "price": gettext_lazy("Leave it empty to show none."),
            "place": gettext_lazy("Leave it empty for the company's address."),
            "places_max": gettext_lazy("How many places one client can book at once."),
            "approval_wanted": gettext_lazy(
                "What clients book waits, with its time kept, until somebody approves it."
            ),
            "listed": gettext_lazy("Unlisted, it is still booked by its direct link."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        company = self.instance.company
        categories = Category.objects.filter(company=company).order_by("position", "name")
        if not categories:
            self.fields.pop("category", None)
        if category := self.fields.get("category"):
            category.queryset = categories  # type: ignore[attr-defined]
            category.empty_label = gettext_lazy("None")  # type: ignore[attr-defined]
        if not features.enabled(company, features.APPROVAL):
            self.fields.pop("approval_wanted", None)
        offer_current(self)

    def grouped(self) -> list[tuple[Promise, list[BoundField]]]:
        """Return the fields under their headings, in the order of the page."""
        return [
            (title, [self[name] for name in names if name in self.fields])
            for title, names in self.parts
        ]

    def clean_photo(self) -> ContentFile[bytes] | object:
        return resized(self.cleaned_data.get("photo"))

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        same = Offering.objects.active().filter(
            company=self.instance.company, kind=self.instance.kind, name__iexact=name
        )
        if same.exclude(pk=self.instance.pk or 0).exists():
            raise ValidationError(_("There is one of this name already."))
        return name

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        seats, places = cleaned.get("seats"), cleaned.get("places_max")
        if seats and places and places > seats:
            self.add_error("places_max", _("One booking cannot have more places than there are."))
        lengths = ("duration_minutes", "buffer_before_minutes", "buffer_after_minutes")
        if sum(cleaned.get(name) or 0 for name in lengths) > LONGEST:
            self.add_error(
                "duration_minutes", _("Duration and buffers together are two days at most.")
            )
        return cleaned


class ServiceForm(OfferingForm):
    """A service: its times are found in the providers' calendars."""

    parts: ClassVar[tuple[Part, ...]] = (
        WHAT,
        (gettext_lazy("Who provides it"), ("providers",)),
        (
            gettext_lazy("Time and places"),
            (
                "duration_minutes",
                "buffer_before_minutes",
                "buffer_after_minutes",
                "step_minutes",
                "seats",
                "places_max",
            ),
        ),
        RULES,
    )

    step_minutes = MinutesField(
        STEPS,
        nothing=gettext_lazy("As long as it takes"),
        label=gettext_lazy("Start every"),
        help_text=gettext_lazy("The rhythm in which times are offered."),
    )

    class Meta(OfferingForm.Meta):
        fields: tuple[str, ...] = (
            *OfferingForm.Meta.fields,
            "providers",
            "step_minutes",
            "day_limit",
        )
        widgets: ClassVar = {
            **OfferingForm.Meta.widgets,
            "providers": forms.CheckboxSelectMultiple(),
        }
        help_texts: ClassVar = {
            **OfferingForm.Meta.help_texts,
            "seats": gettext_lazy(
                "1 for one client at a time. More for a group: everybody at the same start "
                "shares the appointment."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = Provider.objects.active().filter(company=self.instance.company).in_order()
        self.fields["providers"].queryset = able  # type: ignore[attr-defined]
        if self.instance.pk is None and len(able) == 1:
            self.initial["providers"] = [able[0].pk]


class ClassForm(OfferingForm):
    """A class: its sessions are set, and each has its provider."""

    parts: ClassVar[tuple[Part, ...]] = (
        WHAT,
        (
            gettext_lazy("Time and places"),
            (
                "duration_minutes",
                "buffer_before_minutes",
                "buffer_after_minutes",
                "seats",
                "places_max",
            ),
        ),
        RULES,
    )

    notice_minutes = MinutesField(
        NOTICES,
        nothing=AS_COMPANY,
        label=gettext_lazy("Sign-up until"),
        help_text=gettext_lazy("How long before a session clients can still book."),
    )

    class Meta(OfferingForm.Meta):
        help_texts: ClassVar = {
            **OfferingForm.Meta.help_texts,
            "seats": gettext_lazy("Of each new session. Sessions already made keep theirs."),
        }


class FirstServiceForm(ServiceForm):
    """As little about the first service as will do."""

    parts: ClassVar[tuple[Part, ...]] = ()

    class Meta(ServiceForm.Meta):
        fields: tuple[str, ...] = ("name", "duration_minutes", "price", "place", "providers")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() - set(self.Meta.fields):
            del self.fields[name]

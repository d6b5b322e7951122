"""A company: founding it, and what can be set about it."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visavis.back_office.forms.choices import (
    CURRENCIES,
    HORIZONS,
    NOTICES,
    MinutesField,
    languages,
    offer_current,
)
from visavis.back_office.forms.pictures import resized
from visavis.companies import operations
from visavis.companies.models import Company
from visavis.design.widgets import ColourInput, ImageInput, Switch, TimeZoneSelect


class AddressForm(forms.ModelForm[Company]):
    """What any form with a company's address checks about it."""

    class Meta:
        model = Company
        fields: tuple[str, ...] = ("slug",)

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        company = self.instance if self.instance.pk else None
        if slug and not operations.slug_is_free(slug, company=company):
            raise ValidationError(_("This address is taken. Please choose another one."))
        return slug


class NewCompanyForm(AddressForm):
    """A new company. Without an address it gets one made from its name."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=languages)

    class Meta(AddressForm.Meta):
        fields: tuple[str, ...] = ("name", "slug", "time_zone", "language")
        widgets: ClassVar = {"time_zone": TimeZoneSelect(attrs={"data-zones": "own"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        if self.is_bound:
            del self.fields["time_zone"].widget.attrs["data-zones"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if cleaned and not cleaned.get("slug") and "slug" not in self.errors:
            cleaned["slug"] = operations.free_slug(cleaned.get("name", ""))
        return cleaned


class CompanyForm(AddressForm):
    """What people read about a company, and how it looks."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=languages,
        help_text=gettext_lazy("For the booking site's first visit and for the company's mail."),
    )
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"), choices=[(code, code) for code in CURRENCIES]
    )

    class Meta(AddressForm.Meta):
        fields: tuple[str, ...] = (
            "name",
            "slug",
            "description",
            "email",
            "phone",
            "address",
            "time_zone",
            "language",
            "currency",
            "logo",
            "accent_colour",
        )
        widgets: ClassVar = {
            "time_zone": TimeZoneSelect(),
            "logo": ImageInput(),
            "accent_colour": ColourInput(attrs={"data-accent": ""}),
            "description": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts: ClassVar = {
            "slug": gettext_lazy(
                "The last part of the booking site's address. Links to the old one lead to the "
                "new one, but they look out of date on paper."
            ),
            "email": gettext_lazy("Clients see it, and answers to messages go there."),
            "logo": gettext_lazy("Beside the name, instead of its first letter."),
            "accent_colour": gettext_lazy("Buttons and links on the booking site and here."),
        }

    def clean_logo(self) -> ContentFile[bytes] | object:
        return resized(self.cleaned_data.get("logo"))


class RulesForm(forms.ModelForm[Company]):
    """How bookings are made and changed, unless a service says otherwise."""

    notice_minutes = MinutesField(
        NOTICES,
        label=gettext_lazy("Least notice"),
        help_text=gettext_lazy("How long before the start clients can still book."),
    )
    horizon_days = MinutesField(
        HORIZONS,
        unit=1440,
        label=gettext_lazy("Furthest ahead"),
        help_text=gettext_lazy("How far into the future clients can book."),
    )
    cancel_notice_minutes = MinutesField(
        NOTICES,
        label=gettext_lazy("Notice for cancelling"),
        help_text=gettext_lazy("How long before the start clients can still cancel a booking."),
    )
    move_notice_minutes = MinutesField(
        NOTICES,
        label=gettext_lazy("Notice for moving"),
        help_text=gettext_lazy("How long before the start clients can still move a booking."),
    )

    class Meta:
        model = Company
        fields: tuple[str, ...] = (
            "notice_minutes",
            "horizon_days",
            "cancel_notice_minutes",
            "move_notice_minutes",
            "moves_allowed",
            "buffers_within_hours",
            "recipients",
        )
        labels: ClassVar = {
            "buffers_within_hours": gettext_lazy("Buffers must lie within the opening hours")
        }
        widgets: ClassVar = {
            "buffers_within_hours": Switch(),
            "recipients": forms.RadioSelect(attrs={"class": "cards"}),
        }
        help_texts: ClassVar = {
            "moves_allowed": gettext_lazy("0 means not at all."),
            "buffers_within_hours": gettext_lazy(
                "Off, an appointment may last until closing time, and its buffer goes on after it."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_current(self)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        to = (cleaned or {}).get("recipients")
        if to in (Company.Recipients.COMPANY, Company.Recipients.BOTH) and not self.instance.email:
            self.add_error(
                "recipients", _("The company has no e-mail address yet. Add one under Details.")
            )
        return cleaned


class TermsForm(forms.ModelForm[Company]):
    """What clients agree to when they book."""

    class Meta:
        model = Company
        fields: tuple[str, ...] = ("privacy_terms",)
        widgets: ClassVar = {"privacy_terms": forms.Textarea(attrs={"rows": 14})}
        help_texts: ClassVar = {
            "privacy_terms": gettext_lazy(
                "Clients agree to them when booking. Leave it empty to ask for nothing."
            )
        }

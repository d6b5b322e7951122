"""What a client says about themselves when booking."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from visavis.catalog.models import Offering
from visavis.companies import phones
from visavis.notifications import sms


class DetailsForm(forms.Form):
    """Name, address, and what the company needs to know."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("We send the confirmation there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    texts = forms.BooleanField(
        label=_("Send me texts (SMS) about my bookings"),
        required=False,
        help_text=_(
            "To the mobile number above. You can stop them on the page “My bookings”. Without a "
            "tick, what you said before still holds."
        ),
    )
    places = forms.TypedChoiceField(label=_("Number of places"), coerce=int)
    note = forms.CharField(
        label=_("Anything we should know?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    terms = forms.BooleanField()
    # Programs fill in every field there is; people do not see this one.
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    # The same form sent twice books once.
    request_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, offering: Offering, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.company = offering.company
        self.sms = sms.account_of(self.company)
        if self.sms is None:
            del self.fields["texts"]
        if offering.places_max == 1:
            del self.fields["places"]
        else:
            numbers = range(1, offering.places_max + 1)
            self.fields["places"].choices = [(each, str(each)) for each in numbers]  # type: ignore[attr-defined]
        if not self.company.privacy_terms:
            del self.fields["terms"]
        else:
            self.fields["terms"].label = format_html(
                '{} <a href="{}" target="_blank">{}</a>',
                gettext("I have read the privacy terms and agree to them."),
                reverse("booking_site:privacy", args=[self.company.slug]),
                gettext("Read the privacy terms (new window)"),
            )

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        if not typed:
            return ""
        number = phones.international(typed, self.company)
        if number is None:
            raise ValidationError(
                _("This is not a phone number we can call. Try it with its country code: +33 …")
            )
        return number

    def clean_texts(self) -> bool:
        wanted: bool = self.cleaned_data["texts"]
        if wanted and self.sms and "phone" not in self.errors:
            phone = self.cleaned_data["phone"]
            if not sms.number_of(self.sms, phone):
                raise ValidationError(
                    _("We cannot send texts to this number. Enter a mobile number, or untick this.")
                    if phone
                    else _("Enter your mobile number above, or untick this.")
                )
        return wanted

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(
                _("Something filled in a field that people do not see. Please send it again.")
            )
        return ""

    @property
    def people_fields(self) -> list[forms.BoundField]:
        """The fields that people see."""
        return [field for field in self.visible_fields() if field.name != "website"]

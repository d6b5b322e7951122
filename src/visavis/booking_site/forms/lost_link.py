"""Where the link to *My bookings* is sent."""

from django import forms
from django.utils.translation import gettext_lazy as _


class LostLinkForm(forms.Form):
    """The address with which somebody booked."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("The one you booked with."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

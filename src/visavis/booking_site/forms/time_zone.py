"""In which zone a visitor reads times."""

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from visavis.companies.zones import valid_zone
from visavis.design.widgets import TimeZoneSelect


class TimeZoneForm(forms.Form):
    """One zone of all there are."""

    time_zone = forms.CharField(
        label=_("Time zone"),
        validators=[MaxLengthValidator(64), valid_zone],
        widget=TimeZoneSelect,
    )

"""Why a client cancels."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CancellationForm(forms.Form):
    """A reason, for whoever cares to give one."""

    reason = forms.CharField(
        label=_("Why do you cancel?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

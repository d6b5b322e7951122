"""A provider: who they are, and which member they are."""

from typing import Any, ClassVar

from django import forms
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from visavis.back_office.forms.choices import languages
from visavis.back_office.forms.pictures import resized
from visavis.catalog.models import Provider
from visavis.companies.models import Company, Member
from visavis.design.widgets import ColourInput, ImageInput, TimeZoneSelect
from visavis.notifications.models import Event
from visavis.notifications.muting import CHOOSABLE


class ProviderForm(forms.ModelForm[Provider]):
    """What clients and colleagues know about a provider."""

    language = forms.ChoiceField(
        label=_("Language"), choices=languages, help_text=_("Of the messages to this provider.")
    )

    class Meta:
        model = Provider
        fields: tuple[str, ...] = (
            "name",
            "email",
            "phone",
            "description",
            "photo",
            "time_zone",
            "language",
            "colour",
        )
        widgets: ClassVar = {
            "photo": ImageInput(),
            "time_zone": TimeZoneSelect(),
            "colour": ColourInput(),
            "description": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts: ClassVar = {
            "email": _("New bookings, changes and links to online meetings are sent there."),
            "phone": _("For colleagues. Clients do not see it."),
            "time_zone": _("Weekly hours and time off are meant in this zone."),
            "colour": _("Of appointments in the calendar."),
        }

    def clean_photo(self) -> ContentFile[bytes] | object:
        return resized(self.cleaned_data.get("photo"))


class FirstProviderForm(ProviderForm):
    """As little about the first provider as will do."""

    is_me = forms.BooleanField(
        label=_("This is me"),
        required=False,
        help_text=_("Your sign-in then shows this provider's calendar and hours as your own."),
    )

    class Meta(ProviderForm.Meta):
        fields: tuple[str, ...] = ("name", "email", "time_zone", "language")

    field_order = ("name", "is_me", "email", "time_zone", "language")

    def __init__(self, *args: Any, by: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.initial.setdefault("is_me", self.instance.member_id in (None, by.pk))

    def member(self) -> Member | None:
        """Return which member the provider is now."""
        if self.cleaned_data["is_me"]:
            return self.by
        member = self.instance.member
        return None if member == self.by else member


class MailsForm(forms.Form):
    """Which kinds of message a provider is mailed."""

    wanted = forms.MultipleChoiceField(
        label=_("Send an e-mail for"),
        choices=[(event, Event(event).label) for event in CHOOSABLE],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "An e-mail is always sent when a booking is cancelled or goes to somebody else, when "
            "one is taken over, and when the link to an online meeting changes."
        ),
    )


class LinkForm(forms.Form):
    """Which member a provider is."""

    member = forms.ModelChoiceField(
        label=_("Member"),
        queryset=Member.objects.none(),
        required=False,
        empty_label=_("Nobody: without a sign-in"),
        help_text=_("Their own calendar and hours are this provider's."),
    )

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = (  # type: ignore[attr-defined]
            Member.objects.filter(company=company).select_related("user").order_by("user__name")
        )

"""Texts, what they are tried out on, reminders, and which place a new text is for."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visavis.catalog.models import Offering, OfferingQuerySet, Provider, ProviderQuerySet
from visavis.design.widgets import DurationInput, TimeInput
from visavis.notifications.checking import Fault, Problem, problems
from visavis.notifications.editing import Place
from visavis.notifications.models import Audience, Channel, Event, ReminderTime
from visavis.notifications.texts import EDITABLE, Text, editable

FURTHEST_REMINDER = 30 * 24 * 60
# Twilio takes no more, and nobody wants to read as much.
LONGEST_SMS = 1600


class TextForm(forms.Form):
    """Subject and body of a message, checked for its readers; a text to a phone has no subject."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=200)
    body = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 16, "class": "text-body"}),
    )

    # Only for a test; nothing depends on it when the text is saved.
    phone = forms.CharField(
        label=gettext_lazy("Your phone, for a test"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, place: Place, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.audience = place.audience
        if place.channel == Channel.SMS:
            del self.fields["subject"]
            self.fields["body"] = forms.CharField(
                label=_("Text"),
                max_length=LONGEST_SMS,
                widget=forms.Textarea(attrs={"rows": 6, "class": "text-body"}),
            )
        else:
            del self.fields["phone"]

    def clean_subject(self) -> str:
        return self._checked("subject")

    def clean_body(self) -> str:
        return self._checked("body")

    def text(self) -> Text:
        return Text(self.cleaned_data.get("subject", ""), self.cleaned_data["body"])

    def unchanged(self) -> Text:
        """Return the text with which editing begins."""
        return Text(self.initial["subject"], self.initial["body"])

    def typed(self) -> Text:
        """Return what was typed, right or wrong, for a preview."""
        return Text(self.data.get("subject", "")[:200], _lines(self.data.get("body", "")[:20000]))

    def _checked(self, name: str) -> str:
        text = _lines(self.cleaned_data[name])
        for problem in problems(text, self.audience):
            self.add_error(name, _words(problem))
        return text


class ReminderForm(forms.Form):
    """A reminder time to add."""

    audience = forms.ChoiceField(
        label=gettext_lazy("Who is reminded"),
        choices=[
            (Audience.CLIENT.value, gettext_lazy("The client")),
            (Audience.PROVIDER.value, gettext_lazy("The provider, or the company")),
        ],
        widget=forms.RadioSelect,
        initial=Audience.CLIENT,
    )
    minutes_before = forms.IntegerField(
        label=gettext_lazy("How many minutes before the start"),
        min_value=5,
        max_value=FURTHEST_REMINDER,
        widget=DurationInput(presets=(30, 60, 120, 1440, 2880, 10080)),
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Sent by"),
        choices=Channel.choices,
        widget=forms.RadioSelect,
        initial=Channel.EMAIL,
        required=False,
        help_text=gettext_lazy(
            "An SMS goes only to clients who said that they want texts, at a mobile number."
        ),
    )

    def __init__(self, *args: Any, texts: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not texts:
            del self.fields["channel"]

    def sent_by(self) -> str:
        """Return how the reminder is sent: by e-mail where nothing was chosen."""
        return self.cleaned_data.get("channel") or Channel.EMAIL


class TimingForm(forms.Form):
    """When nobody is reminded, and when clients are thanked."""

    quiet_starts = forms.TimeField(
        label=gettext_lazy("No reminders from"), required=False, widget=TimeInput
    )
    quiet_ends = forms.TimeField(
        label=gettext_lazy("until"),
        required=False,
        widget=TimeInput,
        help_text=gettext_lazy(
            "Where the reader is. A reminder that falls into these hours comes after them, or "
            "the evening before when little time would be left. Empty: at any hour."
        ),
    )
    follow_up_minutes = forms.IntegerField(
        label=gettext_lazy("Follow-up: how many minutes after the end"),
        min_value=0,
        max_value=FURTHEST_REMINDER,
        widget=DurationInput(presets=(30, 60, 120, 1440, 2880, 10080)),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for given, missing in (("quiet_starts", "quiet_ends"), ("quiet_ends", "quiet_starts")):
            if data.get(given) is not None and data.get(missing, "wrong") is None:
                self.add_error(missing, _("Give both times, or none."))
        return data


class PlaceForm(forms.Form):
    """For whose bookings, for what, for whom, and sent how."""

    offering = forms.ModelChoiceField(
        Offering.objects.none(),
        label=gettext_lazy("Service or class"),
        required=False,
        empty_label=gettext_lazy("All services and classes"),
    )
    provider = forms.ModelChoiceField(
        Provider.objects.none(),
        label=gettext_lazy("Provider"),
        required=False,
        empty_label=gettext_lazy("All providers"),
    )
    event = forms.ChoiceField(
        label=gettext_lazy("Message"),
        choices=[(event, Event(event).label) for event in EDITABLE[Audience.CLIENT]],
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("Written for"),
        choices=[(audience, Audience(audience).label) for audience in EDITABLE],
    )

    channel = forms.ChoiceField(
        label=gettext_lazy("Sent by"),
        choices=Channel.choices,
        initial=Channel.EMAIL,
        required=False,
    )

    def __init__(
        self, offerings: OfferingQuerySet, providers: ProviderQuerySet, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, queryset in (("offering", offerings), ("provider", providers)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = queryset

    def clean_channel(self) -> str:
        return self.cleaned_data["channel"] or Channel.EMAIL

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        event, audience, channel = data.get("event"), data.get("audience"), data.get("channel")
        if not (event and audience and channel) or event in editable(channel)[audience]:
            return data
        if event in editable(channel)[Audience.CLIENT]:
            self.add_error("audience", _("This message goes to clients only."))
        else:
            self.add_error("channel", _("This message goes by e-mail only."))
        return data


class OfBookingForm(forms.Form):
    """Of which booking, and of which message about it, the text is asked for."""

    code = forms.CharField(
        label=gettext_lazy("Code of the booking"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"list": "examples", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    event = forms.ChoiceField(
        label=gettext_lazy("Message"),
        choices=[(event, Event(event).label) for event in EDITABLE[Audience.CLIENT]],
        initial=Event.CONFIRMED,
        required=False,
    )

    def clean_event(self) -> str:
        return self.cleaned_data["event"] or Event.CONFIRMED


class NewTextForm(PlaceForm):
    """Where a new flexible text shall hold: not everywhere, that is the general one."""

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not (data.get("offering") or data.get("provider")) and not self.errors:
            raise forms.ValidationError(
                _(
                    "Choose a service or class, a provider, or both. A text for all of them is "
                    "edited in the Email & SMS settings."
                )
            )
        return data


def reminder_rows(rows: list[ReminderTime]) -> Iterator[tuple[str, list[ReminderTime]]]:
    """Group the reminder times by who is reminded, the earliest reminder first."""
    for audience, words in (
        (Audience.CLIENT, _("Clients")),
        (Audience.PROVIDER, _("Providers, or the company")),
    ):
        chosen = [row for row in rows if row.audience == audience]
        yield words, sorted(chosen, key=lambda row: -row.minutes_before)


def _lines(text: str) -> str:
    """Return a text with the line ends that rendering expects; browsers send CRLF."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _words(problem: Problem) -> str:
    values = {"name": f"[{problem.name}]", "meant": f"[{problem.meant}]"}
    match problem.fault:
        case Fault.OPEN if problem.meant:
            return _("The bracket before “%(name)s” is not closed. Did you mean %(meant)s?") % {
                "name": problem.name, "meant": values["meant"],
            }  # fmt: skip
        case Fault.OPEN:
            return _("The bracket before “%(name)s” is not closed.") % {"name": problem.name}
        case Fault.BRACES:
            return _("%(name)s is not a variable. Did you mean %(meant)s?") % {
                "name": problem.name, "meant": values["meant"],
            }  # fmt: skip
        case Fault.NOT_CLOSED:
            return _("[if %(name)s] has no [end].") % {"name": problem.name}
        case Fault.NESTED:
            return _(
                "[if %(name)s] stands inside another [if …]. Close that one with [end] first."
            ) % {"name": problem.name}
        case Fault.NOT_FOR_THEM if problem.meant:
            return _("%(name)s is not for these readers. Use %(meant)s.") % values
        case Fault.NOT_FOR_THEM:
            return _("%(name)s is not for these readers.") % values
        case _ if problem.meant:
            return _("%(name)s is not a variable. Did you mean %(meant)s?") % values
        case _:
            return _("%(name)s is not a variable. See the list of variables.") % values

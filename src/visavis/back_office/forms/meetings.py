"""How a company meets online: who on which platform, and how meetings start."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visavis.catalog.models import Provider
from visavis.connections.models import Connection, PlatformUser
from visavis.meetings.aliases import is_alias, name_without
from visavis.meetings.models import MOST_AT_ONCE, MeetingProvider, MeetingSettings, Platform
from visavis.meetings.platforms import Host


class Hosts:
    """The users of the connected Zoom account who can be chosen as hosts."""

    def __init__(self, connection: Connection | None) -> None:
        self.connected = connection is not None
        users = connection.users.order_by("name", "external_id") if connection else ()
        self.users: dict[str, PlatformUser] = {user.external_id: user for user in users}

    def present(self) -> Iterator[PlatformUser]:
        return (user for user in self.users.values() if user.gone_at is None)

    def knows(self, host_id: str) -> bool:
        user = self.users.get(host_id)
        return user is not None and user.gone_at is None

    def name_of(self, host_id: str) -> str:
        user = self.users.get(host_id)
        return str(user) if user else ""


class MeetingProviderForm(forms.Form):
    """Where one provider meets. What was chosen before may stay, even if it no longer works."""

    platform = forms.ChoiceField(label=gettext_lazy("Platform"), choices=Platform.choices)
    host = forms.ChoiceField(label=gettext_lazy("Zoom user"), required=False)
    fixed_link = forms.URLField(
        label=gettext_lazy("Link"),
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )

    def __init__(
        self, provider: Provider, hosts: Hosts, mapping: MeetingProvider | None, **given: Any
    ) -> None:
        self.provider, self.hosts = provider, hosts
        self.mapping = mapping or MeetingProvider(provider=provider)
        initial = {
            "platform": self.mapping.platform,
            "host": self.mapping.host_id,
            "fixed_link": self.mapping.fixed_link,
        }
        super().__init__(prefix=f"provider-{provider.pk}", initial=initial, **given)
        host = self.fields["host"]
        assert isinstance(host, forms.ChoiceField)
        host.choices = list(self._host_choices())
        # Each row has the same labels; whom they are about is said to those who cannot see it.
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{provider.name}: {field.label}"

    @property
    def host_gone(self) -> bool:
        """Tell whether the host chosen before is no longer on the connected account."""
        chosen = self.mapping.host_id if self.mapping.platform == Platform.ZOOM else ""
        return bool(chosen) and self.hosts.connected and not self.hosts.knows(chosen)

    def chosen(self) -> Host:
        """Return what was chosen; what belongs to another platform is dropped."""
        data = self.cleaned_data
        platform = data["platform"]
        return Host(
            platform,
            data["host"] if platform == Platform.ZOOM else "",
            data["fixed_link"] if platform == Platform.FIXED else "",
        )

    def host_name(self) -> str:
        """Return the name to remember the host by, once their account is gone."""
        host_id = self.chosen().host_id
        return self.hosts.name_of(host_id) or (self.mapping.host_name if host_id else "")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        platform, host = data.get("platform"), data.get("host", "")
        if platform == Platform.FIXED and data.get("fixed_link") == "":
            self.add_error("fixed_link", _("Enter the link under which this provider meets."))
        if platform == Platform.ZOOM and self.has_changed():
            if not self.hosts.connected:
                self.add_error("platform", _("Connect a Zoom account first."))
            elif not host:
                self.add_error("host", _("Choose the Zoom user this provider meets as."))
            elif not self.hosts.knows(host):
                self.add_error("host", _("This user is no longer on the connected Zoom account."))
        return data

    def _host_choices(self) -> Iterator[tuple[str, str]]:
        yield "", _("Choose a Zoom user")
        for user in self.hosts.present():
            yield user.external_id, _label(user)
        chosen = self.mapping.host_id
        if chosen and not self.hosts.knows(chosen):
            if not self.hosts.connected and is_alias(chosen):
                yield chosen, _("As before, once the same Zoom account is connected")
                return
            name = self.hosts.name_of(chosen) or self.mapping.host_name or name_without(chosen)
            yield chosen, _("%(name)s (no longer on the account)") % {"name": name}


class MeetingProvidersForm:
    """The rows of all providers, saved together."""

    def __init__(
        self, providers: Sequence[Provider], hosts: Hosts, data: Any | None = None
    ) -> None:
        mappings = MeetingProvider.objects.in_bulk(
            [provider.pk for provider in providers], field_name="provider_id"
        )
        self.rows = [
            MeetingProviderForm(provider, hosts, mappings.get(provider.pk), data=data)
            for provider in providers
        ]

    def is_valid(self) -> bool:
        return not self.rejected

    @property
    def rejected(self) -> list[MeetingProviderForm]:
        return [row for row in self.rows if row.is_bound and not row.is_valid()]

    def shared_hosts(self) -> list[tuple[str, list[str]]]:
        """Return the Zoom users whom several providers meet as, with those providers."""
        meeting_as: dict[str, list[str]] = {}
        for row in self.rows:
            if row.mapping.platform == Platform.ZOOM and row.mapping.host_id:
                meeting_as.setdefault(row.mapping.host_id, []).append(row.provider.name)
        return [
            (self.name_of(host_id), names)
            for host_id, names in meeting_as.items()
            if len(names) > 1
        ]

    def name_of(self, host_id: str) -> str:
        """Return the name of a Zoom user whom somebody here meets as."""
        return self.rows[0].hosts.name_of(host_id) or name_without(host_id)


class MeetingRulesForm(forms.ModelForm[MeetingSettings]):
    """How meetings start. The view saves."""

    class Meta:
        model = MeetingSettings
        fields = (
            "opening",
            "early_start_minutes",
            "late_minutes",
            "strategy",
            "meetings_at_once",
            "fallback",
            "fallback_link",
        )

    opening = forms.ChoiceField(
        label=gettext_lazy("Clients enter"),
        choices=MeetingSettings.Opening.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Until then, clients see a waiting page that takes them in by itself. A provider who "
            "starts early lets them in early in either case."
        ),
    )
    strategy = forms.ChoiceField(
        label=gettext_lazy("The room is made"),
        choices=MeetingSettings.Strategy.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Listed meetings are on the Meetings page of the Zoom account until they are over, for "
            "everybody who looks there. Made when it is booked, they are moved and deleted with "
            "the booking."
        ),
    )
    fallback = forms.ChoiceField(
        label=gettext_lazy("If the platform cannot be had"),
        choices=(
            (Platform.NONE.value, gettext_lazy("Keep trying, and say so to those who wait")),
            (Platform.JITSI.value, gettext_lazy("Meet on Jitsi Meet instead")),
            (Platform.FIXED.value, gettext_lazy("Meet behind this fixed link instead")),
        ),
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Everybody is taken there by the link they have already, and you see why."
        ),
    )

    fallback_link = forms.URLField(
        label=gettext_lazy("Fixed link"),
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["early_start_minutes"].widget.attrs.update({"min": 0, "max": 120})
        self.fields["early_start_minutes"].help_text = _(
            "Minutes before the booked time. The Start button appears then."
        )
        late = self.fields["late_minutes"]
        late.widget.attrs.update({"min": 0, "max": 240})
        late.label = _("Clients may come until")
        late.help_text = _(
            "Minutes after the start. Leave it empty to let them in until the end. Who waits for a "
            "provider who is late is not late, and who was in may come back."
        )
        at_once = self.fields["meetings_at_once"]
        at_once.label = _("Meetings at a time per Zoom user")
        at_once.widget.attrs.update({"min": 1, "max": MOST_AT_ONCE})
        at_once.help_text = _(
            "For providers who meet as the same Zoom user. Zoom lets a user lead 1 meeting at a "
            "time on Basic and Pro plans, 2 on Business, Education and Enterprise, and more with "
            "an add-on. A higher number than your plan allows leaves clients waiting at the door."
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("fallback") == Platform.FIXED and data.get("fallback_link") == "":
            self.add_error("fallback_link", _("Enter the link to fall back to."))
        return data


def _label(user: PlatformUser) -> str:
    if not user.active:
        return _("%(name)s (cannot host meetings)") % {"name": user}
    if not user.licensed:
        return _("%(name)s (Basic: at most 40 minutes)") % {"name": user}
    return str(user)

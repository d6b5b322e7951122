"""A company's own app at Zoom: what Zoom shows for it, typed in by an administrator."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visavis.connections.models import Mode, PlatformApp
from visavis.connections.own_apps import AppDetails, is_same


class SecretInput(forms.PasswordInput):
    """A secret: never sent back to the browser, and not the browser's to remember."""

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "new-password", "spellcheck": "false"})


class ZoomAppForm(forms.Form):
    """The secrets of `kept` stay as they are where nothing is typed.

    With `connected`, giving another app must be confirmed, since it ends the connection.
    """

    mode = forms.ChoiceField(
        label=gettext_lazy("Kind of app"),
        choices=(
            (Mode.OAUTH.value, gettext_lazy("General app (OAuth): a person authorises it")),
            (Mode.SERVER.value, gettext_lazy("Server-to-Server OAuth: for the whole account")),
        ),
        widget=forms.RadioSelect,
        initial=Mode.OAUTH,
    )
    client_id = forms.CharField(label=gettext_lazy("Client ID"), max_length=200)
    client_secret = forms.CharField(
        label=gettext_lazy("Client secret"), max_length=200, required=False, widget=SecretInput
    )
    account_id = forms.CharField(
        label=gettext_lazy("Account ID"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Only Server-to-Server apps have one."),
    )
    webhook_secret = forms.CharField(
        label=gettext_lazy("Secret token"),
        max_length=200,
        required=False,
        widget=SecretInput,
        help_text=gettext_lazy(
            "Zoom signs its events with it. Without it everything works as well, a little slower."
        ),
    )
    confirmed = forms.BooleanField(
        label=gettext_lazy("I know that Zoom is disconnected until it is authorised anew"),
        required=False,
    )

    def __init__(
        self, data: Any | None = None, *, kept: PlatformApp | None, connected: bool
    ) -> None:
        self.kept = kept
        initial = {
            "mode": kept.mode if kept else Mode.OAUTH,
            "client_id": kept.client_id if kept else "",
            "account_id": kept.account_id if kept else "",
        }
        super().__init__(data, initial=initial)
        if not connected:
            del self.fields["confirmed"]
        secret = self.fields["client_secret"]
        secret.required = kept is None or kept.unreadable
        if not secret.required:
            secret.help_text = _("Leave it empty to keep the present one.")

    def details(self) -> AppDetails:
        """Return what was typed. A General app has no account of its own."""
        data = self.cleaned_data
        mode = Mode(data["mode"])
        return AppDetails(
            mode=mode,
            client_id=data["client_id"],
            client_secret=data["client_secret"],
            webhook_secret=data["webhook_secret"],
            account_id=data["account_id"] if mode == Mode.SERVER else "",
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("client_id", "client_secret", "account_id", "webhook_secret"):
            if " " in data.get(name, ""):
                self.add_error(name, _("There is a space in it: copy it once more."))
        if data.get("mode") == Mode.SERVER and not data.get("account_id"):
            self.add_error("account_id", _("Enter the account ID that Zoom shows for the app."))
        if not self.errors:
            self._check_against_kept(data)
        return data

    def _check_against_kept(self, data: dict[str, Any]) -> None:
        same = self.kept is not None and is_same(self.kept, self.details())
        readable = self.kept is not None and not self.kept.unreadable
        if not data["client_secret"] and not (same and readable):
            self.add_error("client_secret", _("Enter the client secret."))
        if not same and "confirmed" in self.fields and not data["confirmed"]:
            self.add_error("confirmed", _("Please confirm: this is another app."))

"""By which gateway a company sends texts to phones, and what they may cost."""

import json
import re
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visavis.notifications import sms
from visavis.notifications.models import SmsAccount

_SID = re.compile(r"AC[0-9a-fA-F]{32}")
_SENDER = re.compile(r"\+[1-9]\d{6,14}|MG[0-9a-fA-F]{32}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")
_HEADER = re.compile(r"([A-Za-z0-9!#$%&'*+.^_`|~-]+):[ \t]*([ -~]*)")
# The HTTP library writes these itself.
_OWN_HEADERS = frozenset({"host", "content-length", "transfer-encoding", "connection"})
_KEPT = gettext_lazy("Stored and not shown. Leave it empty to keep it.")
_SECRET = {"autocomplete": "off", "spellcheck": "false"}


class SmsAccountForm(forms.ModelForm[SmsAccount]):
    """Everything about the gateway. What is secret is typed, and never shown again."""

    via = forms.ChoiceField(
        label=gettext_lazy("How texts are sent"),
        choices=SmsAccount.Via.choices,
        widget=forms.RadioSelect(attrs={"class": "cards"}),
    )
    token = forms.CharField(
        label=gettext_lazy("Auth token"),
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    url = forms.CharField(
        label=gettext_lazy("Address"),
        required=False,
        max_length=1000,
        widget=forms.TextInput(attrs={**_SECRET, "placeholder": "https://"}),
    )
    headers = forms.CharField(
        label=gettext_lazy("Headers"),
        required=False,
        max_length=4000,
        help_text=gettext_lazy("One a line, as in “Authorization: Bearer 0123456789”."),
        widget=forms.Textarea(attrs={**_SECRET, "rows": 3, "class": "text-body"}),
    )

    class Meta:
        model = SmsAccount
        fields = (
            "via", "account_sid", "token", "sender", "url", "method", "headers", "body", "success",
            "abroad", "most_parts", "most_a_day",
        )  # fmt: skip
        widgets: ClassVar = {
            "body": forms.Textarea(attrs={"rows": 4, "class": "text-body"}),
        }
        help_texts: ClassVar = {
            "sender": gettext_lazy(
                "A number such as +33644612345, a name of up to 11 letters where the country "
                "allows it, or the SID of a Messaging Service."
            ),
            "body": gettext_lazy(
                "[to], [text], [sender] and [id] are replaced, in the address too."
            ),
            "success": gettext_lazy(
                "What stands in an answer when the text was taken. Leave it empty if the status "
                "says so."
            ),
            "abroad": gettext_lazy(
                "Texts to far countries are dear, and public forms are filled in with such "
                "numbers on purpose."
            ),
            "most_parts": gettext_lazy("A longer text is not sent."),
            "most_a_day": gettext_lazy("Above it texts wait."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept = {name: getattr(self.instance, name) for name in ("token", "url", "headers")}
        self.initial.update(token="", url="", headers="")
        for name in ("token", "url"):
            if self._kept[name]:
                self.fields[name].help_text = _KEPT
        via = self.fields["via"]
        assert isinstance(via, forms.ChoiceField)
        if not sms.installation_has_one() and self.instance.via != SmsAccount.Via.INSTALLATION:
            offered = [one for one in SmsAccount.Via.choices if one[0] != "installation"]
            via.choices = offered

    def clean_headers(self) -> str:
        """Return the headers as JSON."""
        headers: dict[str, str] = {}
        for line in filter(None, map(str.strip, self.cleaned_data["headers"].splitlines())):
            found = _HEADER.fullmatch(line)
            if found is None or found[1].lower() in _OWN_HEADERS:
                raise forms.ValidationError(_("This is no header: %(line)s"), params={"line": line})
            headers[found[1]] = found[2]
        return json.dumps(headers) if headers else ""

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip()
        if url and not _is_address(url):
            raise forms.ValidationError(
                _("Enter a whole address that begins with https://.")
                if not settings.SMS_PRIVATE_ADDRESSES
                else _("Enter a whole address that begins with https:// or http://.")
            )
        return url

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["token"] = data.get("token") or self._kept["token"]
        if not data.get("url"):
            # Headers belong to their address and may hold its key.
            data["url"] = self._kept["url"]
            data["headers"] = data.get("headers") or self._kept["headers"]
        match data.get("via"):
            case SmsAccount.Via.TWILIO:
                self._check_twilio(data)
            case SmsAccount.Via.HTTP:
                self._check_http(data)
        return data

    def _check_twilio(self, data: dict[str, Any]) -> None:
        if not _SID.fullmatch(data.get("account_sid", "")):
            self.add_error("account_sid", _("It begins with AC and has 34 signs."))
        if not data["token"]:
            self.add_error("token", _("Twilio's console shows it beside the account SID."))
        if not _SENDER.fullmatch(data.get("sender", "")):
            self.add_error("sender", _("Enter a number with its country code, a name, or a SID."))

    def _check_http(self, data: dict[str, Any]) -> None:
        if not data["url"]:
            if "url" not in self.errors:
                self.add_error("url", _("Enter the address of the gateway."))
            return
        where = data["url"] + ("" if data.get("method") == "GET" else data.get("body", ""))
        if missing := [name for name in ("[to]", "[text]") if name not in where]:
            says = _("Neither the address nor the body has %(names)s in it.")
            self.add_error("body", says % {"names": ", ".join(missing)})


def _is_address(url: str) -> bool:
    schemes = {"https", "http"} if settings.SMS_PRIVATE_ADDRESSES else {"https"}
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False

"""Looking for clients, and writing down who they are."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visavis.back_office.forms.choices import languages
from visavis.bookings.models import Client
from visavis.companies.zones import valid_zone
from visavis.design.widgets import Switch, TimeZoneSelect


def found_clients(clients: QuerySet[Client], sought: str) -> QuerySet[Client]:
    """Return the clients whose name, e-mail address, phone or booking's code fit, by name."""
    if sought:
        clients = clients.filter(
            Q(name__icontains=sought)
            | Q(email__icontains=sought)
            | Q(phone__icontains=sought)
            | Q(pk__in=clients.filter(bookings__code__iexact=sought).values("pk"))
        )
    return clients.order_by(Lower("name"), "pk")


class ClientForm(forms.ModelForm):  # type: ignore[type-arg] # Django's own has no []
    """Everything a company knows about a client."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=languages)
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        required=False,
        validators=[valid_zone],
        widget=TimeZoneSelect,
    )

    class Meta:
        model = Client
        fields = ("name", "email", "phone", "language", "time_zone", "notes", "blocked")
        widgets = {  # noqa: RUF012
            "notes": forms.Textarea(attrs={"rows": 4}),
            "blocked": Switch,
        }
        help_texts = {  # noqa: RUF012
            "notes": gettext_lazy("Only your team sees them."),
            "blocked": gettext_lazy("Staff can still book for this client."),
        }

    def clean_email(self) -> str:
        """Refuse an address that another client of the company has, in whatever case."""
        email: str = self.cleaned_data["email"]
        others = Client.objects.filter(company=self.instance.company).exclude(pk=self.instance.pk)
        if email and others.annotate(low=Lower("email")).filter(low=email.lower()).exists():
            raise ValidationError(_("Another client has this e-mail address."))
        return email

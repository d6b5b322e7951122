"""Which text a message uses: the company's most specific one, else the default."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from visavis.companies import features
from visavis.companies.models import Company
from visavis.notifications.models import Channel, Template
from visavis.notifications.texts import Text, default_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a text is chosen by."""

    company: Company
    event: str
    audience: str
    language: str
    channel: str = Channel.EMAIL
    offering_id: int | None = None
    provider_id: int | None = None


def chosen_template(choice: Choice) -> Template | None:
    """Return the company's own text for this, the most specific one first, or None.

    A text for an offering *and* a provider goes before one for the offering, that before one
    for the provider, that before the general one.
    """
    own = Template.objects.filter(
        company=choice.company,
        event=choice.event,
        audience=choice.audience,
        channel=choice.channel,
        language=choice.language,
    )
    if features.enabled(choice.company, features.FLEXIBLE_NOTIFICATIONS):
        own = own.filter(
            Q(offering=None) | Q(offering=choice.offering_id),
            Q(provider=None) | Q(provider=choice.provider_id),
        )
    else:
        own = own.filter(offering=None, provider=None)
    return max(
        own,
        key=lambda one: (one.offering_id is not None, one.provider_id is not None),
        default=None,
    )


def text_for(choice: Choice) -> Text:
    """Return the text that a message of this kind is made from."""
    template = chosen_template(choice)
    if template is not None:
        return Text(template.subject, template.body)
    return default_text(choice.event, choice.audience, choice.language, choice.channel)


def late_text(choice: Choice) -> Text:
    """Return what a reminder says that leaves much later than planned: day and hour, as always."""
    text = default_text(choice.event, choice.audience, choice.language, choice.channel)
    with translation.override(choice.language):
        if choice.channel == Channel.SMS:
            return Text("", _("Late, sorry.") + f" {text.body}")
        late = _("This reminder comes late, we are sorry.")
        return Text(text.subject, f"{late}\n\n{text.body}")

"""What several forms let people choose from."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Model
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from visavis.design.amounts import duration

CURRENCIES = (
    "EUR", "USD", "GBP", "CHF", "CAD", "AUD", "JPY", "SEK", "NOK", "DKK", "PLN", "CZK", "MAD",
    "XAF", "XOF", "XPF", "INR",
)  # fmt: skip
NOTICES = (0, 15, 30, 60, 120, 240, 480, 720, 1440, 2880, 4320, 10080)
BUFFERS = (0, 5, 10, 15, 20, 30, 45, 60, 90)
STEPS = (5, 10, 15, 20, 30, 45, 60, 90, 120)
HORIZONS = (7, 14, 30, 60, 90, 180, 365, 730)


def languages() -> list[tuple[str, str]]:
    """Return the product's languages, each by its own name."""
    return [
        (code, str(get_language_info(code)["name_local"]).capitalize())
        for code, _name in settings.LANGUAGES
    ]


class RowField(forms.TypedChoiceField):
    """A choice among rows that were read already: what is chosen is one of them, or None.

    Django's own field would read them again, for the page and for the answer.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(empty_value=None, **options)
        self.offer(())

    def offer(self, rows: Iterable[Model], *, otherwise: Any = "") -> None:
        """List these. `otherwise` are the words of leaving it open; without them one is meant."""
        self.rows = {str(row.pk): row for row in rows}
        self.coerce = self.rows.__getitem__
        self.choices = [
            *([("", otherwise)] if otherwise else []),
            *((key, str(row)) for key, row in self.rows.items()),
        ]


class MinutesField(forms.TypedChoiceField):
    """A stretch of time: the usual ones, and whichever is set already.

    `unit` is how many minutes one step of the stored number means: 1440 for days. Without
    `nothing`, a value must be chosen.
    """

    def __init__(self, presets: Iterable[int], *, unit: int = 1, nothing: Any = "", **options: Any):
        self.presets, self.unit, self.nothing = tuple(presets), unit, nothing
        super().__init__(coerce=int, empty_value=None, required=not nothing, **options)
        self.offer(None)

    def offer(self, current: int | None) -> None:
        """List the presets together with the value that is set now."""
        values = sorted({*self.presets, *([] if current is None else [current])})
        self.choices = [
            *([("", self.nothing)] if self.nothing else []),
            *((str(value), self._words(value)) for value in values),
        ]

    def _words(self, value: int) -> str:
        return duration(value * self.unit) if value else str(_("None"))


def offer_current(form: forms.BaseModelForm[Any]) -> None:
    """Let every stretch of time in a form offer the value its row has now."""
    for name, field in form.fields.items():
        if isinstance(field, MinutesField):
            field.offer(getattr(form.instance, name))

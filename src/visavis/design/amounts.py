"""How sums of money, durations and names' initials read."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from visavis.design.moments import own_format

_SYMBOLS = {
    "EUR": "€", "USD": "$", "GBP": "£", "CHF": "CHF", "CAD": "CA$", "AUD": "A$", "JPY": "¥",
    "SEK": "kr", "NOK": "kr", "DKK": "kr", "PLN": "zł", "CZK": "Kč", "MAD": "DH", "INR": "₹",
}  # fmt: skip
_WITHOUT_CENTS = frozenset({"JPY", "KRW", "XAF", "XOF", "XPF", "CLP", "VND"})
_DAY = 24 * 60


def money(amount: Decimal | int, currency: str) -> str:
    """Return "€45" or "45,50 €": cents only where there are some, in the language's order."""
    value = Decimal(amount)
    whole = currency in _WITHOUT_CENTS or value == value.to_integral_value()
    number = number_format(value, decimal_pos=0 if whole else 2, force_grouping=True)
    symbol = _SYMBOLS.get(currency, currency)
    pattern = own_format("MONEY_FORMAT", "{amount}\xa0{symbol}")
    if pattern.startswith("{symbol}") and symbol[-1].isalpha():
        symbol += "\xa0"
    return pattern.format(amount=number, symbol=symbol)


def duration(minutes: int) -> str:
    """Return "45 min", "1 h 30" or, for whole days, "2 days"."""
    if minutes and minutes % _DAY == 0:
        days = minutes // _DAY
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    hours, rest = divmod(minutes, 60)
    if not hours:
        return gettext("%(minutes)d min") % {"minutes": rest}
    if not rest:
        return gettext("%(hours)d h") % {"hours": hours}
    return gettext("%(hours)d h %(minutes)02d") % {"hours": hours, "minutes": rest}


def initials(name: str, count: int = 2) -> str:
    """Return the first letters of the first and last word that begin with a letter or digit."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    chosen = words[:1] if count == 1 or len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0] for word in chosen).upper()

"""French: Django's formats, with the comma that Visavis sets between day and time."""

DATETIME_FORMAT = "j F Y, H:i"
SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
MONEY_FORMAT = "{amount}\xa0{symbol}"

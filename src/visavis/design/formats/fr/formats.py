"""French: Django's formats, with the comma that Visavis sets between day and time."""

DATETIME_FORMAT = "j F Y, H:i"
SHORT_DATE_FORMAT = "j N Y"
SHORT_DATETIME_FORMAT = "j N Y, H:i"
SHORT_DAY_FORMAT = "D. j N"
MONEY_FORMAT = "{amount}\xa0{symbol}"

"""International English: the day before the month, weeks from Monday, a twelve-hour clock.

An American English can be added as `en_US` beside this.
"""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "g:i\xa0A"
DATETIME_FORMAT = "j F Y, g:i\xa0A"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y, g:i\xa0A"
FIRST_DAY_OF_WEEK = 1
SHORT_DAY_FORMAT = "D j M"
MONEY_FORMAT = "{symbol}{amount}"

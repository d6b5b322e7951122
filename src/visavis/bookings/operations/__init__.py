"""Everything that can be done with bookings. Clients, staff and programs call the same functions.

Each operation is one transaction: it locks the calendars concerned first, asks the one
predicate of `core.availability`, and writes booking, history, meeting wishes and messages
together. Effects on the outside world are rows; a worker carries them out.
"""

"""What layers above may want to know of connections, which cannot call them.

Both are sent inside the transaction that makes the change, with the `connection`.
"""

from django.dispatch import Signal

# It has ended: whatever the platform told of people is to be forgotten.
ended = Signal()
# The list of its users was written.
users_listed = Signal()

import pytest
from django.core.cache import cache

from booking_site.visits import at


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def ten():
    """Ten in Paris on a Wednesday, a week or two from now."""
    return at(10)

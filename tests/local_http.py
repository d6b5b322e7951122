"""HTTP to servers of our own on this machine."""

import httpx2


def plain_http(**options):
    """Return an HTTP client without certificates: loading them takes longer than most tests."""
    return httpx2.Client(trust_env=False, verify=False, **options)

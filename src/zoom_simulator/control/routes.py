"""The addresses below `/_sim`."""

from starlette.routing import Route


def routes() -> list[Route]:
    """Return every route below `/_sim`."""
    return []

"""The REST half: everything below `/v2`."""

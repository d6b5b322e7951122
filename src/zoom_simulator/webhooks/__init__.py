"""Events: their bodies, their signatures, and their delivery."""

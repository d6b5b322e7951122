"""Steering and looking inside, below `/_sim`."""

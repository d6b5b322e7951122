"""How we ask the database, beyond what Django offers."""

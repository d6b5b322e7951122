"""Pages for people: home, sign-in, Meetings, Installed apps."""

"""The rules of booking, without anything around them.

Nothing in here reads a clock, a database, a setting or the network: the same
arguments always give the same answer. Time inside the core is a number, namely
whole minutes of UTC since 1970-01-01; `spans` has the ways in and out.
"""

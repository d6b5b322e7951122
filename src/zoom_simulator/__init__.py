"""A stand-in for Zoom: OAuth, the REST calls a booking system needs, rooms and webhooks.

It runs as a program of its own (`zoom-simulator`) and knows nothing of any client. A client is
pointed at it by changing two base URLs, and by nothing else.
"""

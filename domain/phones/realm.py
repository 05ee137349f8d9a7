REALM = "everline"
"""The SIP realm of every extension. Stored digests are computed with it, so a change makes all of them useless."""

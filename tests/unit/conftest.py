"""Property tests that give the same answer on every machine: fixed examples, no clock."""

from hypothesis import settings

settings.register_profile("seeded", derandomize=True, deadline=None)
settings.load_profile("seeded")

"""Settings of all tests: a test never fails because the machine is slow."""

from hypothesis import settings

settings.register_profile("playbook", deadline=None)
settings.load_profile("playbook")

"""Settings of all tests: a test never fails because the machine is slow."""

import pytest
from hypothesis import settings

settings.register_profile("playbook", deadline=None)
settings.load_profile("playbook")


@pytest.fixture(autouse=True)
def _secrets_of_tests(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No test leaves a secret in the place of the person who runs it."""
    monkeypatch.setenv("PLAYBOOK_SALT_DIR", str(tmp_path_factory.getbasetemp() / "salts"))
    monkeypatch.delenv("PLAYBOOK_SALT", raising=False)

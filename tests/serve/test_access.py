import pytest

from playbook.serve.access import Tokens, is_own_machine, tokens_for


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_on_the_own_machine_nobody_is_asked_for_a_token(host):
    assert is_own_machine(host)
    assert tokens_for(host) == Tokens()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "shop.example"])
def test_any_other_address_insists_on_two_different_tokens(host):
    tokens = tokens_for(host)
    assert len(tokens.facilitator) >= 20
    assert len(tokens.reader) >= 20
    assert tokens.facilitator != tokens.reader


def test_a_token_given_for_the_own_machine_is_asked_for_and_readers_get_one_too():
    tokens = tokens_for("127.0.0.1", facilitator="lead")
    assert tokens.facilitator == "lead"
    assert tokens.reader


def test_an_empty_token_opens_nothing():
    assert Tokens().role_of("") is None
    assert Tokens("lead", "read").role_of("") is None


def test_each_token_opens_its_own_role():
    tokens = Tokens("lead", "read")
    assert tokens.role_of("lead") == "facilitator"
    assert tokens.role_of("read") == "reader"
    assert tokens.role_of("лид") is None

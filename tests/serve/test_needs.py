import json

import pytest

from playbook.engagement.company import Company
from playbook.serve.needs import missing_inputs
from playbook.text import in_language


@pytest.fixture
def missing(make_site):
    """What a page with this code would miss."""
    site = make_site()
    path = site.notebooks / site.steps[0].notebook

    def of(code):
        cell = {"cell_type": "code", "metadata": {}, "source": code, "outputs": []}
        path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}))
        with in_language("en"):
            return list(missing_inputs(site, site.steps[0]))

    return of


def test_a_page_that_reads_receipts_says_how_to_bring_them_in(missing):
    (line,) = missing('here.table("customers")')
    assert line == "No data yet. Bring them in with: playbook import small FILE"


def test_a_page_that_reads_an_input_says_how_to_fill_it_in(missing):
    (line,) = missing("model = here.document(ValueModel)")
    assert "“value_model”" in line
    assert "playbook inputs export small" in line


def test_what_is_filled_in_is_not_missed(missing):
    assert missing(f"here.document({Company.__name__})") == []


def test_what_a_page_can_do_without_is_not_missed(missing):
    assert missing("here.document_or_none(ValueModel)") == []

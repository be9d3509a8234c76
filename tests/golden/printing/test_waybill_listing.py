"""The label's layout as text: a change of a place or a word is seen in review before it is seen on paper."""

from pathlib import Path

import pytest

from app.printing.document import listing
from app.printing.forms.label_form import LABEL_FORMS
from app.printing.forms.waybill import waybill_label
from tests.app.printing.labels import waybill

_CASES = {
    "first": waybill(),
    "reprint": waybill(copy_no=2, is_confirmed=False, sorting_code="", remark="", lines=(), handling=()),
}


@pytest.mark.parametrize("form", LABEL_FORMS)
@pytest.mark.parametrize("case", _CASES)
def test_the_label_is_laid_out_as_agreed(form: str, case: str, pytestconfig: pytest.Config) -> None:
    golden = Path(__file__).parent / f"waybill-{form}-{case}.txt"
    shown = listing(waybill_label(_CASES[case], LABEL_FORMS[form]))
    if pytestconfig.getoption("--accept-goldens", default=False):
        golden.write_text(shown, encoding="utf-8", newline="\n")
    assert shown == golden.read_text(encoding="utf-8")

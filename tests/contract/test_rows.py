"""Every kind of row survives each of its journeys: record, feed image, wire, and back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.row import Row, key_of
from app.kernel import codec, typed
from app.tables.mapper import VERSION_COLUMN, mapper_of
from app.tables.schema import DEFINITIONS
from tests.contract.samples import rows_of

KINDS = [definition.kind for definition in DEFINITIONS]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.TABLE)
@settings(max_examples=25)
@given(data=st.data())
def test_a_row_survives_record_image_and_wire(kind: type[Row], data: st.DataObject) -> None:
    row, version = data.draw(rows_of(kind)), data.draw(st.integers(0, 2**40))
    mapper = mapper_of(kind)
    record = mapper.record(row, version)
    assert all(value is None or type(value) in (str, int) for value in record)
    assert mapper.row(record) == row
    assert mapper.key(record) == key_of(row)
    assert mapper.image_text(record) == codec.canonical(mapper.image(record))
    image = codec.parse(mapper.image_text(record))
    assert image[VERSION_COLUMN] == version
    assert mapper.record_of_image(image) == record
    assert mapper.record_of_image({**image, "of_a_newer_program": 1}) == record
    assert typed.build(kind, codec.parse(codec.canonical(codec.plain(row)))) == row


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.TABLE)
@settings(max_examples=5)
@given(data=st.data())
def test_an_image_of_an_older_program_takes_the_defaults(kind: type[Row], data: st.DataObject) -> None:
    row = data.draw(rows_of(kind))
    mapper = mapper_of(kind)
    image = mapper.image(mapper.record(row, 7))
    for column in mapper.columns:
        if column.default is not None or column.is_nullable:
            older = {name: value for name, value in image.items() if name != column.name}
            read = mapper.row(mapper.record_of_image(older))
            assert codec.plain(getattr(read, column.name)) == column.default

"""The papers a waybill label is printed on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LabelForm:
    """A label's paper: where each zone ends, and how large the signs are beside the 76 mm label's, in per cent."""

    name: str
    width_mm10: int
    height_mm10: int
    header_end: int
    bars_end: int
    sorting_end: int
    bag_end: int
    receiver_end: int
    sender_end: int
    signing_end: int
    qr_width: int
    main_module_um: int
    repeat_module_um: int
    scale: int

    @property
    def left(self) -> int:
        return 20

    @property
    def right(self) -> int:
        return self.width_mm10 - 20


LABEL_76X130 = LabelForm(
    "76x130",
    760,
    1300,
    118,
    280,
    370,
    430,
    605,
    710,
    811,
    qr_width=232,
    main_module_um=375,
    repeat_module_um=250,
    scale=100,
)
LABEL_100X150 = LabelForm(
    "100x150",
    1000,
    1500,
    140,
    340,
    450,
    525,
    725,
    845,
    960,
    qr_width=290,
    main_module_um=500,
    repeat_module_um=375,
    scale=122,
)
LABEL_FORMS = {form.name: form for form in (LABEL_76X130, LABEL_100X150)}

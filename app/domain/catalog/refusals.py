"""Why the catalogue refuses."""

from app.domain.catalog import edits
from app.domain.outcome import RejectCode

EXISTS = RejectCode("catalog.exists", "This exists already.")
CATEGORY_NOT_FOUND = RejectCode("catalog.category_not_found", "This category does not exist.")
CATEGORY_LOOP = RejectCode("catalog.category_loop", "A category cannot lie within itself.")
PRODUCT_NOT_FOUND = RejectCode("catalog.product_not_found", "This product does not exist.")
SKU_NOT_FOUND = RejectCode("catalog.sku_not_found", "This article does not exist.")
NAMELESS = RejectCode("catalog.nameless", "A name of 1 to 60 signs is needed.")
SKU_COUNT = RejectCode("catalog.sku_count", "A product has between 1 and {most} articles.")
SPEC_UNFIT = RejectCode("catalog.spec_unfit", "Each article needs one value of every axis, and no two the same values.")
BARCODE_TAKEN = RejectCode("catalog.barcode_taken", "The barcode {barcode} belongs to another article.")
BARCODE_UNFIT = RejectCode("catalog.barcode_unfit", "{barcode} is no valid barcode; its check digit does not fit.")
PRICE_RANGE = RejectCode("catalog.price_range", "A price lies between 1 fen and 1,000,000 yuan.")
VALUE_UNKNOWN = RejectCode("catalog.value_unknown", "{value} is no value of {axis}. Add it there first.")
VALUE_UNFIT = RejectCode("catalog.value_unfit", "A value of 1 to 40 signs without / is needed, and not twice.")
PICTURE_UNFIT = RejectCode("catalog.picture_unfit", "This picture or link cannot be used.")
CODES = (
    EXISTS,
    CATEGORY_NOT_FOUND,
    CATEGORY_LOOP,
    PRODUCT_NOT_FOUND,
    SKU_NOT_FOUND,
    NAMELESS,
    SKU_COUNT,
    SPEC_UNFIT,
    BARCODE_TAKEN,
    BARCODE_UNFIT,
    PRICE_RANGE,
    VALUE_UNKNOWN,
    VALUE_UNFIT,
    PICTURE_UNFIT,
    *edits.CODES,
)

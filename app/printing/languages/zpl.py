"""Labels in ZPL: the whole label as one packed picture."""

import base64
import binascii
import zlib

from app.printing.bitmap import Bitmap


def label(bitmap: Bitmap) -> bytes:
    """The bytes of one label; the printer takes its size from the picture."""
    total = bitmap.row_bytes * bitmap.height_dots
    # The highest level takes four times as long to save a fortieth of the bytes.
    packed = base64.b64encode(zlib.compress(bitmap.rows, 6))
    check = f"{binascii.crc_hqx(packed, 0):04X}"
    field = f"^GFA,{total},{total},{bitmap.row_bytes},:Z64:".encode("ascii") + packed + f":{check}".encode("ascii")
    head = f"^XA^PW{bitmap.width_dots}^LL{bitmap.height_dots}^LH0,0^FO0,0".encode("ascii")
    return head + field + b"^FS^PQ1^XZ\n"

"""SF's digest over exactly the text that is posted, encoded as Java's URLEncoder does it."""

import base64
import hashlib
from urllib.parse import quote_plus


def digest(message: str, timestamp: str, checkword: str) -> str:
    """The ``msgDigest`` of a message; MD5 is the protocol's choice."""
    text = quote_plus(message + timestamp + checkword, safe="*").replace("~", "%7E")
    return base64.b64encode(hashlib.md5(text.encode("ascii"), usedforsecurity=False).digest()).decode("ascii")

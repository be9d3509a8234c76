"""What SF's client is opened with: an account, and the host that it speaks to."""

from dataclasses import dataclass, field

from app.kernel.errors import KnownError

HOST = "https://bspgw.sf-express.com"
SANDBOX = "https://sfapi-sbox.sf-express.com"


@dataclass(frozen=True, slots=True)
class SfConfig:
    """``checkword`` signs every message; ``monthly_card`` is who pays, empty: the sender pays the courier."""

    partner_id: str
    checkword: str = field(repr=False)
    monthly_card: str = ""
    product: str = "1"
    host: str = HOST
    timeout_seconds: int = 10

    def __post_init__(self) -> None:
        if not (self.host.startswith("https://") or self.is_loopback):
            raise KnownError("carrier.insecure_host", "The carrier must be reached over https.")

    @property
    def is_loopback(self) -> bool:
        return self.host.startswith(("http://127.0.0.1:", "http://[::1]:"))

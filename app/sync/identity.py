"""What a desktop proves itself with at each greeting, as data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """This installation: its device, its present key and the one to follow, and which pickup keys it holds."""

    device_id: str
    install_key: str
    next_key: str
    app_version: str
    keys_mark: str = ""

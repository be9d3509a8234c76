"""How the feed names the one device that a row is for."""


def device_audience(device_id: str) -> str:
    return f"device:{device_id}"

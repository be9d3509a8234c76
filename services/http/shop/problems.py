"""The refusals of a route, for the description of the API."""

from typing import Any

from services.http.problem import MEDIA_TYPE
from services.http.shop.shapes import ProblemShape

PROBLEMS: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "Refused, and nothing was changed: `code` says why, `Retry-After` when to come again.",
        "content": {MEDIA_TYPE: {"schema": ProblemShape.model_json_schema()}},
    }
}

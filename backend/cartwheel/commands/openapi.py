"""`cartwheel openapi`: the description of the API, as `/api/openapi.json` has it."""

import argparse
import json

from cartwheel.app import create_app
from cartwheel.settings import Settings


def run(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Print the OpenAPI document."""
    print(json.dumps(create_app(settings).openapi(), indent=2, ensure_ascii=False))
    return 0

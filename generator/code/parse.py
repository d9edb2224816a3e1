"""Parses the effective document with openapi-python-client.

Its parser resolves references, merges `allOf`, names classes and refuses what it cannot generate; any warning of it
ends the build.
"""

from __future__ import annotations

import re
from pathlib import Path

from openapi_python_client import strings
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError

from .._errors import BuildError
from ..document.walk import Document
from ..names import RESERVED

_ADDRESS = re.compile(r"<[\w.]+ object at 0x[0-9a-f]+>")  # what it shows of text of the document

# Our own list: `dir(builtins)` differs from one version of Python to the next.
strings.RESERVED_WORDS = set(RESERVED)


def config(output: Path) -> Config:
    """Return the settings of openapi-python-client."""
    settings = ConfigFile(
        literal_enums=True,
        use_path_prefixes_for_title_model_names=False,
        project_name_override="clerk_generated",
        package_name_override="clerk_generated",
        post_hooks=[],
    )
    return Config.from_sources(settings, MetaType.NONE, output, "utf-8", overwrite=False, output_path=output)


def parse(effective: Document, settings: Config) -> GeneratorData:
    """Parse the effective document with openapi-python-client.

    Raises:
        BuildError: It reports any error or warning.
    """
    data = GeneratorData.from_dict(effective, config=settings)
    if isinstance(data, GeneratorError):
        raise BuildError(" ".join(f"openapi-python-client: {data.header}: {data.detail}".split()))
    errors = [error for items in data.endpoint_collections_by_tag.values() for error in items.parse_errors]
    errors += data.errors
    if errors:
        lines = [" ".join(f"{error.header or ''} {error.detail or ''}".split()) for error in errors]
        listed = "\n".join(f"  {_ADDRESS.sub('...', line)}" for line in lines)
        raise BuildError(f"openapi-python-client can't read the document:\n{listed}")
    return data

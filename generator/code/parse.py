"""Has openapi-python-client parse the effective document.

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

# Ours, not the interpreter's: what `dir(builtins)` holds differs from one Python to the next.
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
    """Have openapi-python-client parse the effective document.

    Raises:
        BuildError: It has anything to complain of.
    """
    data = GeneratorData.from_dict(effective, config=settings)
    if isinstance(data, GeneratorError):
        raise BuildError(" ".join(f"openapi-python-client: {data.header}: {data.detail}".split()))
    complaints = [error for items in data.endpoint_collections_by_tag.values() for error in items.parse_errors]
    complaints += data.errors
    if complaints:
        lines = [" ".join(f"{error.header or ''} {error.detail or ''}".split()) for error in complaints]
        listed = "\n".join(f"  {_ADDRESS.sub('...', line)}" for line in lines)
        raise BuildError(f"openapi-python-client cannot digest the document:\n{listed}")
    return data

"""Write what a release is made of: a CycloneDX list of the packages in requirements-dev.lock that it may install.

python .ci/sbom.py dist/sbom.cdx.json
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot5
from packageurl import PackageURL

ROOT = Path(__file__).parents[1]
_PINNED = re.compile(r"([A-Za-z0-9._-]+)==([^\s;]+)")


def listed(lock: str, version: str) -> Bom:
    """The list of a lock's packages, with spindetect as what it is of."""
    bom = Bom()
    bom.metadata.component = Component(
        name="spindetect",
        version=version,
        type=ComponentType.LIBRARY,
        purl=PackageURL("pypi", None, "spindetect", version),
    )
    for line in lock.splitlines():
        if found := _PINNED.match(line):
            name, pinned = found[1].lower(), found[2]
            purl = PackageURL("pypi", None, name, pinned)
            bom.components.add(Component(name=name, version=pinned, type=ComponentType.LIBRARY, purl=purl))
    return bom


def main() -> None:
    """Write the file."""
    about = (ROOT / "spindetect" / "version.py").read_text("utf-8")
    version = re.search(r'"([^"]+)"\s*$', about.strip())
    bom = listed((ROOT / "requirements-dev.lock").read_text("utf-8"), version[1] if version else "0")
    target = Path(sys.argv[1])
    target.parent.mkdir(exist_ok=True)
    target.write_text(JsonV1Dot5(bom).output_as_string(indent=1), "utf-8")


if __name__ == "__main__":
    main()

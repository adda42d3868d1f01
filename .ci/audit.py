"""Look the installed packages up among the known vulnerabilities, and say so plainly where that can't be done.

    python .ci/audit.py

pip-audit exits with 0 and "No known vulnerabilities found" also where its service knows none of the packages,
as a mirror without advisories does; so this reads its report. Exit codes: 0 nothing known, or no service to
ask, which is said on standard error; 1 a package has a known vulnerability.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

_SERVICES = ("pypi", "osv")
_PATIENCE = 300  # seconds for a service


def asked(service: str) -> list[dict[str, Any]]:
    """What a service says of each package; empty where it can't be asked."""
    options = ["--local", "--skip-editable", "--progress-spinner", "off", "--timeout", "15", "--format", "json"]
    command = [sys.executable, "-m", "pip_audit", "--vulnerability-service", service, *options]
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)
        return list(json.loads(found.stdout)["dependencies"])
    except (subprocess.TimeoutExpired, ValueError, LookupError, TypeError):
        return []


def told(packages: list[dict[str, Any]]) -> tuple[int, list[str]]:
    """The exit code and the lines to say of what a service answered."""
    audited = [one for one in packages if "vulns" in one]
    if not audited:
        return 0, [
            "NOT AUDITED: no advisory service can be reached from here, so nothing is known of the packages."
        ]
    lines = [
        f"{one['name']} {one['version']}: {flaw['id']}, mended in {', '.join(flaw['fix_versions']) or 'no version'}"
        for one in audited
        for flaw in one["vulns"]
    ]
    skipped = [one["name"] for one in packages if "vulns" not in one]
    summary = f"{len(audited)} packages audited, {len(lines)} known vulnerabilities."
    unknown = [f"not audited, as the service doesn't know them: {', '.join(skipped)}"] if skipped else []
    return int(bool(lines)), [*lines, summary, *unknown]


def main() -> int:
    """Ask one service after the other until one knows the packages."""
    packages: list[dict[str, Any]] = []
    for service in _SERVICES:
        packages = asked(service)
        if any("vulns" in one for one in packages):
            break
    code, lines = told(packages)
    print("\n".join(lines), file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())

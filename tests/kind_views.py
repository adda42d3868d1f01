"""What every view makes of a kind of substitution that was added as the table's last row; run by test_kinds.py."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, get_args

import spindetect.kinds

INVENTED = "invented"
ROW = spindetect.kinds.KindRow(
    "Z", "a kind that a test made up", "content", "bold red", ("#123456", "#abcdef"), ("dashed", "7px"),
    "always", "nobody invents such kinds",
)  # fmt: skip
REASON = "made up for a test"
TEXT = "The council met on Monday. The mayor opened the old lighthouse by the harbor. Nobody stayed at home."
SCHEMA = Path(__file__).parents[1] / "spindetect" / "report" / "report.schema.json"


def schema() -> dict[str, Any]:
    """The report's schema, with the kinds as the table has them."""
    found: dict[str, Any] = json.loads(SCHEMA.read_text("utf-8"))
    found["properties"]["substitutions"]["items"]["properties"]["kind"]["enum"] = list(spindetect.kinds.KINDS)
    return found


def views() -> dict[str, bool]:
    """Of each view whether it shows the invented kind, in a comparison in which one substitution is of it."""
    from jsonschema import Draft202012Validator
    from typer.main import get_command

    from spindetect.classify import rules
    from spindetect.cli import app
    from spindetect.commands.compare import _selection
    from spindetect.detector import Detector
    from spindetect.report.frames import to_frame
    from spindetect.report.html.page import report_page
    from spindetect.report.notebook import comparison_html
    from spindetect.report.tables import as_csv
    from spindetect.report.terminal import render
    from spindetect.scan.rows import COLUMNS, _counts
    from spindetect.score.families import pairs_of
    from spindetect.training.measuring.gold import _OPTIONAL

    def rule(context: rules.Context) -> Any:
        return (INVENTED, REASON) if context.suspect[0].norm == "beacon" else None

    rules._RULES = (rule, *rules._RULES)
    detector = Detector.load()
    made = detector.compare(TEXT.replace("lighthouse", "beacon"), TEXT)
    [item] = made.substitutions
    page = report_page(made)
    report = made.to_dict()
    shown = render(made, 120)
    selected = _selection(INVENTED, False).of(made)
    [compare] = [one for name, one in get_command(app).commands.items() if name == "compare"]  # type: ignore[attr-defined]
    return {
        "kind": item.kind == INVENTED,
        "tell-tale": item.telltale and item.reason == f"{REASON}; {ROW.because}",
        "weight": item.weight != 0.0 and made.features["content_swaps"] > 0,
        "JSON": report["substitutions"][0]["kind"] == INVENTED,
        "schema": not list(Draft202012Validator(schema()).iter_errors(report)),
        "terminal": f"{{{INVENTED}" in shown,
        "selected": [one.kind for one in selected.substitutions] == [INVENTED],
        "help": any(INVENTED in (getattr(one, "help", "") or "") for one in compare.params),
        "page, marks": f'class="m {INVENTED} t"' in page,
        "page, legend": ROW.meaning in page,
        "page, colours": f"--{INVENTED}: light-dark({ROW.colours[0]}, {ROW.colours[1]})" in page,
        "page, line": f".m.{INVENTED} {{ --line: dashed; --weight: 7px; }}" in page,
        "page, filter": f".hide-{INVENTED} .m.{INVENTED}" in page and f'value="{INVENTED}"' in page,
        "page, print": f"--{INVENTED}: #000;" in page,
        "notebook": INVENTED in comparison_html(made),
        "table": list(to_frame(made)["kind"]) == [INVENTED],
        "CSV": len(list(as_csv([made]))) == 2,
        "scan": COLUMNS[f"{INVENTED}_substitutions"] == "integer",
        "scan, rows": _counts(made.substitutions)[f"{INVENTED}_substitutions"] == 1,
        "spinners": len(pairs_of(made, detector.model.vocabulary)) == 1,
        "gold": INVENTED not in _OPTIONAL,
    }


if __name__ == "__main__":
    assert get_args(spindetect.kinds.Kind) == tuple(spindetect.kinds.KINDS)
    spindetect.kinds.KINDS[INVENTED] = ROW  # type: ignore[index]
    json.dump(views(), sys.stdout)

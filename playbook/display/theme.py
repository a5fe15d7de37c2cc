"""Colours, type and the small amount of CSS that notebooks and pages share."""

from __future__ import annotations

from typing import Any

KEPT = "#009E73"
ACQUIRED = "#E69F00"
LOST = "#D55E00"
TREATED = "#0072B2"
QUIET = "#7A7F87"
INK = "#1B1F24"
PAPER = "#FFFFFF"
HUES = {"kept": KEPT, "acquired": ACQUIRED, "lost": LOST, "treated": TREATED, "quiet": QUIET}

# Colours of a chart that follow the page's light or dark theme.
FOLLOWS_PAGE = {
    INK.lower(): "var(--pb-ink, #1B1F24)",
    "#e3e5e8": "var(--pb-line, #E3E5E8)",
    "#00734f": "var(--pb-good, #00734F)",
    "#8a5a00": "var(--pb-warn, #8A5A00)",
    "#b04a00": "var(--pb-bad, #B04A00)",
    "#0067a3": "var(--pb-blue, #0067A3)",
    "#5b6068": "var(--pb-quiet, #5B6068)",
}
LINE = "#E3E5E8"

RC: Any = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 11,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.labelsize": 10.5,
    "axes.edgecolor": QUIET,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.facecolor": "none",
    "axes.grid": False,
    "axes.axisbelow": True,
    "grid.color": LINE,
    "grid.linewidth": 0.8,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "xtick.major.size": 3,
    "ytick.major.size": 0,
    "figure.facecolor": "none",
    "savefig.facecolor": "none",
    "lines.linewidth": 2.2,
    "lines.solid_capstyle": "round",
    "legend.frameon": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "playbook",
}

CSS = """
.pb { color: var(--pb-ink, #1B1F24); font-size: 15px; line-height: 1.5; max-width: 60rem; }
.pb .headline { font-size: 1.25em; font-weight: 600; line-height: 1.35; margin: .2em 0 .6em; }
.pb .figures { display: flex; flex-wrap: wrap; gap: .6rem 2.2rem; margin: .4rem 0 1rem; }
.pb .figure .value { font-size: 1.7em; font-weight: 600; font-variant-numeric: tabular-nums;
  white-space: nowrap; line-height: 1.2; }
.pb .figure .label, .pb .figure .note { color: var(--pb-quiet, #5B6068); font-size: .88em; }
.pb .scroll { overflow-x: auto; }
.pb table { border-collapse: collapse; font-size: .93em; margin: .3rem 0 .8rem; border: 0; }
.pb th { text-align: left; font-weight: 600; border: 0;
  border-bottom: 1px solid var(--pb-quiet, #7A7F87);
  padding: .3em .9em .3em 0; vertical-align: bottom; background: none; }
.pb td { padding: .3em .9em .3em 0; border: 0; border-bottom: 1px solid var(--pb-line, #E3E5E8);
  text-align: left; vertical-align: top; background: none; }
.pb th.n, .pb td.n { text-align: right; font-variant-numeric: tabular-nums; }
.pb td.n { white-space: nowrap; }
.pb .quiet { color: var(--pb-quiet, #5B6068); font-size: .9em; }
.pb ul.assumes { color: var(--pb-quiet, #5B6068); font-size: .9em; margin: .2rem 0 .6rem 1.1rem;
  padding: 0; }
.pb .good { color: var(--pb-good, #00734F); font-weight: 600; }
.pb .warn { color: var(--pb-warn, #8A5A00); font-weight: 600; }
.pb .bad { color: var(--pb-bad, #B04A00); font-weight: 600; }
.pb .error { border-left: 4px solid #D55E00; padding: .4rem .9rem; white-space: pre-wrap; }
.pb details { margin: .3rem 0 .6rem; }
.pb details > summary { cursor: pointer; color: var(--pb-quiet, #5B6068); font-size: .93em; }
.pb figure.chart { margin: .4rem 0 1.2rem; }
.pb figure.chart .title { font-size: 1.1em; font-weight: 600; line-height: 1.35; }
.pb figure.chart .subtitle { color: var(--pb-quiet, #5B6068); font-size: .9em;
  margin-bottom: .4rem; }
.pb figure.chart svg { width: 100%; height: auto; display: block; }
.pb figure.chart .narrow { display: none; }
.pb .steps { display: flex; flex-wrap: wrap; gap: .1rem .9rem; font-size: .85em; padding: 0;
  margin: 0 0 .8rem; list-style: none; color: var(--pb-quiet, #5B6068); }
.pb .steps .here { color: var(--pb-ink, #1B1F24); font-weight: 700;
  border-bottom: 2px solid #0072B2; }
.pb .steps a { color: inherit; text-decoration: none; }
.pb .path { display: grid; grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr));
  gap: .1rem .6rem; list-style: none; padding: 0; margin: .2rem 0 .6rem; font-size: .9em;
  white-space: nowrap; }
.pb .path li { font-weight: 400; font-size: 1em; } .pb ul.open { color: var(--pb-warn, #8A5A00);
  margin: 0 0 .8rem 1.1rem; padding: 0; }
.pb .path .good { color: var(--pb-ink, #1B1F24); }
.pb .path .good span { color: var(--pb-good, #00734F); }
.pb .cases { margin: .3rem 0 .8rem; max-width: 26rem; }
.pb .cases .squares { display: grid; grid-template-columns: repeat(20, 1fr); gap: 3px; }
.pb .cases i { aspect-ratio: 1; border-radius: 2px; box-sizing: border-box; }
.pb .cases .won { background: #009E73; } .pb .cases .lost { border: 2px solid #D55E00; }
.pb .cases figcaption { display: flex; flex-wrap: wrap; gap: 0 1.4rem; margin-top: .35rem;
  font-size: .93em; }
.pb .spread { margin: .3rem 0 .9rem; max-width: 40rem; }
.pb .spread .track { position: relative; height: 1.5rem; border-bottom: 1px solid
  var(--pb-quiet, #7A7F87); }
.pb .spread .zero { position: absolute; top: 0; bottom: -4px; width: 2px; margin-left: -1px;
  background: var(--pb-ink, #1B1F24); }
.pb .spread .band { position: absolute; top: .45rem; height: .6rem; border-radius: .3rem;
  opacity: .35; }
.pb .spread .dot { position: absolute; top: .3rem; width: .9rem; height: .9rem;
  margin-left: -.45rem; border-radius: 50%; }
.pb .spread.won .band, .pb .spread.won .dot { background: #009E73; }
.pb .spread.lost .band, .pb .spread.lost .dot { background: #D55E00; }
.pb .spread figcaption { font-size: .93em; }
.pb .spread .ends { display: flex; justify-content: space-between; font-size: .88em;
  font-variant-numeric: tabular-nums; color: var(--pb-quiet, #5B6068); }
@media (max-width: 620px) {
  .pb figure.chart .wide { display: none; }
  .pb figure.chart .narrow { display: block; }
  .pb .figures { gap: .5rem 1.4rem; }
}
@media print { .pb details > * { display: revert; } }
"""

# Hues as letters: dark enough on white; on a page they follow its theme.
_AS_TEXT = {
    KEPT: "#00734F",
    ACQUIRED: "#8A5A00",
    LOST: "#B04A00",
    TREATED: "#0067A3",
    QUIET: "#5B6068",
}


def legible(hue: str) -> str:
    """The hue in which a word of this colour reaches a contrast of 4.5 to 1 on white."""
    return _AS_TEXT.get(hue, hue)


# The colours of a page in its two themes, then its frame: type, width, light and dark, print.
LIGHT = """--pb-ink: #1B1F24; --pb-paper: #FFFFFF; --pb-line: #E3E5E8;
  --pb-quiet: #5B6068; --pb-good: #00734F; --pb-warn: #8A5A00; --pb-bad: #B04A00;
  --pb-blue: #0067A3;"""
DARK = """--pb-ink: #E8EAED; --pb-paper: #14171A; --pb-line: #33383D;
  --pb-quiet: #A3A9B0; --pb-good: #3CC79A; --pb-warn: #F0B84A; --pb-bad: #FF8A4C;
  --pb-blue: #6CB8E8;"""

PAGE_CSS = (
    f":root {{ color-scheme: light dark; {LIGHT} }}\n"
    f"@media (prefers-color-scheme: dark) {{ :root {{ {DARK} }} }}\n"
    f"@media print {{ :root {{ color-scheme: light; {LIGHT} }} }}"
    """
body { margin: 0; background: var(--pb-paper); color: var(--pb-ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans",
  sans-serif; overflow-wrap: break-word; }
.pb-page { max-width: 60rem; margin: 0 auto; padding: 1.2rem 1.2rem 4rem; }
.pb-page h1 { font-size: 1.75rem; line-height: 1.25; margin: .6rem 0 .6rem; }
.pb-page h2 { font-size: 1.25rem; line-height: 1.3; margin: 2rem 0 .4rem; }
.pb-page p { max-width: 44rem; }
.pb-page details > summary { cursor: pointer; color: var(--pb-quiet); font-size: .93em; }
.pb-page details > p { color: var(--pb-quiet); }
.pb-page .jp-Cell-inputWrapper[hidden], .pb-page .jp-InputPrompt, .pb-page .jp-OutputPrompt
  { display: none; }
@media print { body { font-size: 11pt; } .pb-page { max-width: none; padding: 0; }
  figure.chart, table { break-inside: avoid; } }
"""
)

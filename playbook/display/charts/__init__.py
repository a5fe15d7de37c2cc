"""Charts: a frame and column names in, a chart that shows itself out."""

from playbook.display.charts.basics import bars, lines
from playbook.display.charts.estimates import distribution, intervals, tornado

__all__ = ["bars", "distribution", "intervals", "lines", "tornado"]

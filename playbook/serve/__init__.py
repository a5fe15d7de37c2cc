"""The pages: an index without a kernel, notebooks and dashboards through Voila, in one process."""

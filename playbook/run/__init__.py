"""The run: steps, notebooks through papermill, pages, languages, the sample's build."""

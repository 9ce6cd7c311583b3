"""The web pages under load, beside the bare framework in the same run."""

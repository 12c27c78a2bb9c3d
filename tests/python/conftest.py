"""Settings of the suite: it runs with `LAZULITE_EAGER_BELOW=0` (everything lazy) and with the default."""

import os

import hypothesis

import lazulite as lz

if "LAZULITE_EAGER_BELOW" in os.environ:
    lz.options(eager_below=int(os.environ["LAZULITE_EAGER_BELOW"]))

hypothesis.settings.register_profile("suite", deadline=None, max_examples=150, derandomize=True)
hypothesis.settings.load_profile("suite")

"""lazulite.monte_carlo: option prices and portfolio risk by simulation, from a job file.

`python -m lazulite.monte_carlo --help` is the way in; examples/monte_carlo/README.md says how the parts fit. The
formulas are in models.py, and its C++ twin is examples/monte_carlo/models.cpp: both give the same bits.
"""

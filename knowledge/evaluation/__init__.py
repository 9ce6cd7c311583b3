"""How good a base is: scored against questions and benchmarks, and its weights fitted."""

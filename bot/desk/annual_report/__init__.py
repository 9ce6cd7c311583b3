"""The annual report in the national format (notice 30 of 2021): counted, printed, checked."""

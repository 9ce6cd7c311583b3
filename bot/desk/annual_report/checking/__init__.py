"""Reading and checking somebody's annual report: rows, tables, layout, sums, years.  Pure."""

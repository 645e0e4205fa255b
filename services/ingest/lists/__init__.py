"""Lists of visits: a page of them by week and filter, what may be chosen in a filter, and a search by VisitRef."""

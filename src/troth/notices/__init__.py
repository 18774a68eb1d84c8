"""Who is affected, and that each of them was told: cohorts that are frozen as evidence, notices, and each delivery.

The room knows neither incidents nor breaches: a notice names by reference what it is about.
"""

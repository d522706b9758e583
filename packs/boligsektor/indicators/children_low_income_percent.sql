/*---
id = "children_low_income_percent"
title = { nb = "Barn i husholdninger med lavinntekt", en = "Children in low-income households" }
description = { nb = "Andel av barna som bor i husholdninger med vedvarende lavinntekt. Formue og boutgifter er ikke med.", en = "Share of children who live in households with persistent low income. Wealth and housing costs are not counted." }
unit = { nb = "prosent", en = "per cent" }
decimals = 1
better = "higher"
inputs = ["children_low_income_percent", "population_persons"]
valid = { min = 0, max = 60 }
national = "approximate"
---*/
-- All residents stand in for the number of children as weight.
SELECT
    share.municipality_code,
    share.period,
    share.value,
    share.status,
    population.value AS weight
FROM children_low_income_percent AS share
LEFT JOIN population_persons AS population
    ON population.municipality_code = share.municipality_code
    AND population.year = share.year

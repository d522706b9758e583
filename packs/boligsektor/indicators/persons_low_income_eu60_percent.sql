/*---
id = "persons_low_income_eu60_percent"
title = { nb = "Personer med lavinntekt", en = "Persons with low income" }
description = { nb = "Andel bosatte med husholdningsinntekt per forbruksenhet under 60 prosent av medianen i landet (EU-skala). Formue og boutgifter er ikke med.", en = "Share of residents whose household income per consumption unit is below 60 per cent of the national median (EU scale). Wealth and housing costs are not counted." }
unit = { nb = "prosent", en = "per cent" }
decimals = 1
better = "higher"
inputs = ["persons_low_income_eu60_percent", "population_persons"]
valid = { min = 0, max = 50 }
national = "approximate"
---*/
SELECT
    share.municipality_code,
    share.period,
    share.value,
    share.status,
    population.value AS weight
FROM persons_low_income_eu60_percent AS share
LEFT JOIN population_persons AS population
    ON population.municipality_code = share.municipality_code
    AND population.year = share.year

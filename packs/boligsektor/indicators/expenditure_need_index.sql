/*---
id = "expenditure_need_index"
title = { nb = "Utgiftsbehov", en = "Expenditure need" }
description = { nb = "Departementets indeks for hvor dyrt det er å gi likeverdige tjenester i kommunen; 1 er landsgjennomsnittet, over 1 er dyrere. Utsira og Modalen mangler.", en = "The ministry’s index of how costly it is to give equal services in the municipality; 1 is the national average, above 1 is costlier. Utsira and Modalen are missing." }
unit = { nb = "(1 = landet)", en = "(1 = country)" }
decimals = 3
better = "lower"
inputs = ["expenditure_need_index", "population_persons"]
valid = { min = 0.5, max = 4 }
national = "approximate"
---*/
SELECT
    need.municipality_code,
    need.period,
    need.value,
    need.status,
    population.value AS weight
FROM expenditure_need_index AS need
LEFT JOIN population_persons AS population
    ON population.municipality_code = need.municipality_code
    AND population.year = need.year

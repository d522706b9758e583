/*---
id = "municipally_disposed_dwellings_per_1000"
title = { nb = "Kommunalt disponerte boliger per 1000 innbyggere", en = "Municipally disposed dwellings per 1000 inhabitants" }
description = { nb = "Boliger kommunen eier eller disponerer, per 1000 innbyggere, slik kommunene rapporterer det til KOSTRA.", en = "Dwellings that the municipality owns or disposes of, per 1000 inhabitants, as reported to KOSTRA." }
unit = { nb = "per 1000 innbyggere", en = "per 1000 inhabitants" }
decimals = 1
better = "higher"
inputs = ["municipally_disposed_dwellings_per_1000", "population_persons"]
valid = { min = 0, max = 300 }
national = "approximate"
---*/
SELECT
    dwellings.municipality_code,
    dwellings.period,
    dwellings.value,
    dwellings.status,
    population.value AS weight
FROM municipally_disposed_dwellings_per_1000 AS dwellings
LEFT JOIN population_persons AS population
    ON population.municipality_code = dwellings.municipality_code
    AND population.year = dwellings.year

/*---
id = "municipally_disposed_dwellings_percent"
title = { nb = "Kommunalt disponerte boliger, andel av boligene", en = "Municipally disposed dwellings, share of dwellings" }
description = { nb = "Boliger kommunen eier eller disponerer, som andel av alle boliger. Rapportert av kommunene selv; små kommuner kan hoppe fra år til år.", en = "Dwellings that the municipality owns or disposes of, as a share of all dwellings. Reported by the municipalities themselves; small ones may jump from year to year." }
unit = { nb = "prosent", en = "per cent" }
decimals = 1
better = "higher"
inputs = ["municipally_disposed_dwellings_percent", "population_persons"]
valid = { min = 0, max = 60 }
national = "approximate"
---*/
-- Population stands in for the number of dwellings as weight.
SELECT
    share.municipality_code,
    share.period,
    share.value,
    share.status,
    population.value AS weight
FROM municipally_disposed_dwellings_percent AS share
LEFT JOIN population_persons AS population
    ON population.municipality_code = share.municipality_code
    AND population.year = share.year

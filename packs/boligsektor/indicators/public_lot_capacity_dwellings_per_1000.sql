/*---
id = "public_lot_capacity_dwellings_per_1000"
title = { nb = "Boliger det er plass til på offentlige tomter", en = "Dwelling capacity on public lots" }
description = { nb = "Anslått antall boliger på aktuelle tomter i offentlig eie, per 1000 innbyggere. Kommer fra tomtesøket; en kommune som ikke er gjennomsøkt, er et hull, ikke null.", en = "Estimated number of dwellings on candidate lots in public ownership, per 1000 inhabitants. It comes from the lot search; a municipality not yet searched is a gap, not zero." }
unit = { nb = "per 1000 innbyggere", en = "per 1000 inhabitants" }
decimals = 1
better = "higher"
inputs = ["public_lot_capacity_dwellings", "population_persons"]
valid = { min = 0, max = 2000 }
national = "exact"
---*/
SELECT
    capacity.municipality_code,
    capacity.period,
    1000.0 * capacity.value / nullif(population.value, 0) AS value,
    CASE
        WHEN capacity.value IS NULL THEN capacity.status
        WHEN population.value IS NULL THEN population.status
        WHEN population.value = 0 THEN 'not_applicable'
        WHEN 'estimated' IN (capacity.status, population.status) THEN 'estimated'
        ELSE capacity.status
    END AS status,
    population.value AS weight
FROM public_lot_capacity_dwellings AS capacity
LEFT JOIN population_persons AS population
    ON population.municipality_code = capacity.municipality_code
    AND population.year = capacity.year

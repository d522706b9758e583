/*---
id = "new_dwellings_4y_per_1000"
title = { nb = "Nye boliger siste fire år per 1000 innbyggere", en = "New dwellings in four years per 1000 inhabitants" }
description = { nb = "Boliger kommet til de siste fire årene, per 1000 innbyggere. Viser at det bygges, ikke om det bygges nok. Seks kommuner uten tall har trolig ingen nye boliger.", en = "Dwellings added over the last four years, per 1000 inhabitants. It shows that building goes on, not whether it is enough. Six municipalities without a figure probably had none." }
unit = { nb = "per 1000 innbyggere", en = "per 1000 inhabitants" }
decimals = 1
better = "higher"
inputs = ["new_dwellings_4y_count", "population_persons"]
valid = { min = 0, max = 300 }
national = "exact"
---*/
SELECT
    dwellings.municipality_code,
    dwellings.period,
    1000.0 * dwellings.value / nullif(population.value, 0) AS value,
    CASE
        WHEN dwellings.value IS NULL THEN dwellings.status
        WHEN population.value IS NULL THEN population.status
        WHEN population.value = 0 THEN 'not_applicable'
        WHEN 'estimated' IN (dwellings.status, population.status) THEN 'estimated'
        ELSE dwellings.status
    END AS status,
    population.value AS weight
FROM new_dwellings_4y_count AS dwellings
LEFT JOIN population_persons AS population
    ON population.municipality_code = dwellings.municipality_code
    AND population.year = dwellings.year

/*---
id = "population_80plus_percent"
title = { nb = "Innbyggere 80 år og over", en = "Residents aged 80 and over" }
description = { nb = "Andel av innbyggerne som er 80 år eller eldre. Viser behovet for tilpassede boliger i dag, ikke veksten som kommer.", en = "Share of residents aged 80 or more. It shows the need for adapted dwellings today, not the growth to come." }
unit = { nb = "prosent", en = "per cent" }
decimals = 1
better = "higher"
inputs = ["population_80plus_persons", "population_persons"]
valid = { min = 0, max = 40 }
national = "exact"
---*/
SELECT
    elderly.municipality_code,
    elderly.period,
    100.0 * elderly.value / nullif(population.value, 0) AS value,
    CASE
        WHEN elderly.value IS NULL THEN elderly.status
        WHEN population.value IS NULL THEN population.status
        WHEN population.value = 0 THEN 'not_applicable'
        WHEN 'estimated' IN (elderly.status, population.status) THEN 'estimated'
        ELSE elderly.status
    END AS status,
    population.value AS weight
FROM population_80plus_persons AS elderly
LEFT JOIN population_persons AS population
    ON population.municipality_code = elderly.municipality_code
    AND population.year = elderly.year

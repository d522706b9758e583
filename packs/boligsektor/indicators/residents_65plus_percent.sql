/*---
id = "residents_65plus_percent"
title = { nb = "Innbyggere 65 år og over", en = "Residents aged 65 and over" }
description = { nb = "Andel av innbyggerne som er 65 år eller eldre.", en = "Share of residents aged 65 or more." }
unit = { nb = "prosent", en = "per cent" }
decimals = 1
better = "none"
inputs = ["population_65plus_persons", "population_persons"]
valid = { min = 0, max = 60 }
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
FROM population_65plus_persons AS elderly
LEFT JOIN population_persons AS population
    ON population.municipality_code = elderly.municipality_code
    AND population.year = elderly.year

/*---
id = "new_households_waiting_municipal_dwelling_per_1000"
title = { nb = "Nye husstander som venter på kommunal bolig", en = "New households waiting for municipal housing" }
description = { nb = "Nye husstander med vedtak om kommunal bolig som fortsatt venter ved årets slutt, per 1000 innbyggere. Kommuner som avslår ofte, får lave tall.", en = "New households with a decision on municipal housing that still wait at the end of the year, per 1000 inhabitants. Municipalities that often refuse get low figures." }
unit = { nb = "per 1000 innbyggere", en = "per 1000 inhabitants" }
decimals = 2
better = "higher"
inputs = ["new_households_waiting_municipal_dwelling_count", "population_persons"]
valid = { min = 0, max = 60 }
national = "exact"
---*/
SELECT
    waiting.municipality_code,
    waiting.period,
    1000.0 * waiting.value / nullif(population.value, 0) AS value,
    CASE
        WHEN waiting.value IS NULL THEN waiting.status
        WHEN population.value IS NULL THEN population.status
        WHEN population.value = 0 THEN 'not_applicable'
        WHEN 'estimated' IN (waiting.status, population.status) THEN 'estimated'
        ELSE waiting.status
    END AS status,
    population.value AS weight
FROM new_households_waiting_municipal_dwelling_count AS waiting
LEFT JOIN population_persons AS population
    ON population.municipality_code = waiting.municipality_code
    AND population.year = waiting.year

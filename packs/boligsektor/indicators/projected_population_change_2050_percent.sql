/*---
id = "projected_population_change_2050_percent"
title = { nb = "Framskrevet befolkningsendring til 2050", en = "Projected population change to 2050" }
description = { nb = "Endring i folketallet fra i dag til 2050 i hovedalternativet. Framskrivinger for små kommuner er usikre.", en = "Change in population from today to 2050 in the main alternative. Projections for small municipalities are uncertain." }
unit = { nb = "prosent", en = "per cent" }
decimals = 1
better = "none"
inputs = ["projected_population_persons", "population_persons"]
valid = { min = -80, max = 150 }
national = "exact"
---*/
SELECT
    population.municipality_code,
    population.period,
    100.0 * (projected.value - population.value) / nullif(population.value, 0) AS value,
    CASE
        WHEN projected.value IS NULL THEN projected.status
        WHEN population.value IS NULL THEN population.status
        WHEN population.value = 0 THEN 'not_applicable'
        WHEN 'estimated' IN (projected.status, population.status) THEN 'estimated'
        ELSE projected.status
    END AS status,
    population.value AS weight
FROM population_persons AS population
LEFT JOIN projected_population_persons AS projected
    ON projected.municipality_code = population.municipality_code
    AND projected.year = 2050
-- Change counts from the newest population; older years would mix past and future.
WHERE population.year = (SELECT max(year) FROM population_persons)

/*---
id = "population_80plus_growth_to_2050_percent"
title = { nb = "Vekst i 80 år og over til 2050", en = "Growth in ages 80 and over to 2050" }
description = { nb = "Flere innbyggere på 80 år og over i 2050 enn i dag, i prosent av hele dagens befolkning (hovedalternativet). Framskrivinger for små kommuner er usikre.", en = "How many more residents aged 80 and over in 2050 than today, as a percentage of today’s whole population (main alternative). Projections for small municipalities are uncertain." }
unit = { nb = "prosent", en = "per cent" }
decimals = 1
better = "higher"
inputs = ["projected_population_80plus_persons", "population_80plus_persons", "population_persons"]
valid = { min = -20, max = 60 }
national = "exact"
---*/
SELECT
    population.municipality_code,
    population.period,
    100.0 * (projected.value - elderly.value) / nullif(population.value, 0) AS value,
    CASE
        WHEN projected.value IS NULL THEN projected.status
        WHEN elderly.value IS NULL THEN elderly.status
        WHEN population.value IS NULL THEN population.status
        WHEN population.value = 0 THEN 'not_applicable'
        WHEN 'estimated' IN (projected.status, elderly.status, population.status) THEN 'estimated'
        ELSE projected.status
    END AS status,
    population.value AS weight
FROM population_persons AS population
LEFT JOIN population_80plus_persons AS elderly
    ON elderly.municipality_code = population.municipality_code
    AND elderly.year = population.year
LEFT JOIN projected_population_80plus_persons AS projected
    ON projected.municipality_code = population.municipality_code
    AND projected.year = 2050
-- Growth counts from the newest population; older years would mix past and future.
WHERE population.year = (SELECT max(year) FROM population_persons)

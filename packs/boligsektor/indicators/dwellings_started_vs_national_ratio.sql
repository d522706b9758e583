/*---
id = "dwellings_started_vs_national_ratio"
title = { nb = "Igangsatte boliger per innbygger mot landet", en = "Dwellings started per capita against the country" }
description = { nb = "Igangsatte boliger per innbygger, delt på tallet for hele landet samme år. Står for rapportens «byggetillatelser»; ett enkelt år svinger mye i små kommuner.", en = "Dwellings started per inhabitant, divided by the figure for the country in the same year. Stands for the report’s “building permits”; a single year swings a lot in small municipalities." }
unit = { nb = "landet = 1", en = "country = 1" }
decimals = 2
better = "none"
inputs = ["dwellings_started_count", "population_persons"]
valid = { min = 0, max = 60 }
national = "none"
---*/
WITH country AS (
    -- Counts may be summed. Only municipalities with both figures take part.
    SELECT
        started.year,
        1.0 * sum(started.value) / nullif(sum(population.value), 0) AS started_per_inhabitant
    FROM dwellings_started_count AS started
    JOIN population_persons AS population
        ON population.municipality_code = started.municipality_code
        AND population.year = started.year
    WHERE started.value IS NOT NULL AND population.value IS NOT NULL
    GROUP BY started.year
)

SELECT
    started.municipality_code,
    started.period,
    1.0 * started.value / nullif(population.value, 0) / nullif(country.started_per_inhabitant, 0) AS value,
    CASE
        WHEN started.value IS NULL THEN started.status
        WHEN population.value IS NULL THEN population.status
        WHEN population.value = 0 OR country.started_per_inhabitant = 0 THEN 'not_applicable'
        WHEN 'estimated' IN (started.status, population.status) THEN 'estimated'
        ELSE started.status
    END AS status
FROM dwellings_started_count AS started
LEFT JOIN population_persons AS population
    ON population.municipality_code = started.municipality_code
    AND population.year = started.year
LEFT JOIN country
    ON country.year = started.year

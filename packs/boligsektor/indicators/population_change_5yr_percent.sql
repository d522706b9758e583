/*---
id = "population_change_5yr_percent"
title = { nb = "Befolkningsendring siste fem år", en = "Population change over five years" }
description = { nb = "Endring i folketallet fra 1. januar for fem år siden. Flyktninger og grensejusteringer gir utslag i små kommuner.", en = "Change in population since 1 January five years earlier. Refugees and boundary adjustments show in small municipalities." }
unit = { nb = "prosent", en = "per cent" }
decimals = 1
better = "none"
inputs = ["population_persons"]
valid = { min = -40, max = 80 }
national = "exact"
---*/
SELECT
    later.municipality_code,
    later.period,
    100.0 * (later.value - earlier.value) / nullif(earlier.value, 0) AS value,
    CASE
        WHEN later.value IS NULL THEN later.status
        WHEN earlier.value IS NULL THEN earlier.status
        WHEN earlier.value = 0 THEN 'not_applicable'
        WHEN 'estimated' IN (later.status, earlier.status) THEN 'estimated'
        ELSE later.status
    END AS status,
    earlier.value AS weight
FROM population_persons AS later
LEFT JOIN population_persons AS earlier
    ON earlier.municipality_code = later.municipality_code
    AND earlier.year = later.year - 5
-- The first five years have nothing to be compared with; they are no gap of the municipality.
WHERE later.year >= (SELECT min(year) + 5 FROM population_persons)

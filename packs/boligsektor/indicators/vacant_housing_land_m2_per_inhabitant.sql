/*---
id = "vacant_housing_land_m2_per_inhabitant"
title = { nb = "Ledig planlagt boligareal per innbygger", en = "Vacant planned housing land per inhabitant" }
description = { nb = "Ubebygd areal som kommuneplanen setter av til bolig, per innbygger. Areal med jordvern og blandede formål er ikke tatt hensyn til, og 28 kommuner mangler digitale plandata.", en = "Unbuilt land that the municipal plan sets aside for housing, per inhabitant. Soil-protected land is not removed, mixed-use areas are not counted, and 28 municipalities lack digital plan data." }
unit = { nb = "m² per innbygger", en = "m² per inhabitant" }
decimals = 0
better = "higher"
inputs = ["vacant_housing_land_decares", "population_persons"]
valid = { min = 0, max = 20000 }
national = "approximate"
---*/
-- One decare is 1000 m². The national value covers only municipalities that have plan data, hence
-- approximate although the weight is the denominator.
SELECT
    land.municipality_code,
    land.period,
    1000.0 * land.value / nullif(population.value, 0) AS value,
    CASE
        WHEN land.value IS NULL THEN land.status
        WHEN population.value IS NULL THEN population.status
        WHEN population.value = 0 THEN 'not_applicable'
        WHEN 'estimated' IN (land.status, population.status) THEN 'estimated'
        ELSE land.status
    END AS status,
    population.value AS weight
FROM vacant_housing_land_decares AS land
LEFT JOIN population_persons AS population
    ON population.municipality_code = land.municipality_code
    AND population.year = land.year

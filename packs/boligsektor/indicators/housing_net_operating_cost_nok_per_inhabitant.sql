/*---
id = "housing_net_operating_cost_nok_per_inhabitant"
title = { nb = "Netto driftsutgifter til bolig per innbygger", en = "Net operating cost on housing per inhabitant" }
description = { nb = "Kommunens netto driftsutgifter til KOSTRA-funksjonene 265, 283 og 315, per innbygger. Kan være negative der husleien dekker mer enn utgiftene.", en = "The municipality’s net operating cost on KOSTRA functions 265, 283 and 315, per inhabitant. May be negative where rents cover more than the costs." }
unit = { nb = "kroner per innbygger", en = "NOK per inhabitant" }
decimals = 0
better = "higher"
inputs = ["housing_net_operating_cost_nok", "population_persons"]
valid = { min = -20000, max = 50000 }
national = "exact"
---*/
SELECT
    cost.municipality_code,
    cost.period,
    1.0 * cost.value / nullif(population.value, 0) AS value,
    CASE
        WHEN cost.value IS NULL THEN cost.status
        WHEN population.value IS NULL THEN population.status
        WHEN population.value = 0 THEN 'not_applicable'
        WHEN 'estimated' IN (cost.status, population.status) THEN 'estimated'
        ELSE cost.status
    END AS status,
    population.value AS weight
FROM housing_net_operating_cost_nok AS cost
LEFT JOIN population_persons AS population
    ON population.municipality_code = cost.municipality_code
    AND population.year = cost.year

/*---
id = "residents_in_urban_settlements_percent"
title = { nb = "Bosatte i tettsted", en = "Residents in urban settlements" }
description = { nb = "Andel av innbyggerne som bor i et tettsted. Brukt som grov erstatning for nærhet til daglige tjenester: tettstedet kan være lite og mangle både butikk og skole.", en = "Share of residents who live in an urban settlement. A rough stand-in for closeness to daily services: the settlement may be small and lack both shop and school." }
unit = { nb = "prosent", en = "per cent" }
decimals = 1
better = "higher"
inputs = ["residents_in_urban_settlements_percent", "population_persons"]
valid = { min = 0, max = 100 }
national = "approximate"
---*/
SELECT
    share.municipality_code,
    share.period,
    share.value,
    share.status,
    population.value AS weight
FROM residents_in_urban_settlements_percent AS share
LEFT JOIN population_persons AS population
    ON population.municipality_code = share.municipality_code
    AND population.year = share.year

/*---
id = "overcrowded_households_percent"
title = { nb = "Trangbodde husholdninger", en = "Overcrowded households" }
description = { nb = "Andel husholdninger som bor trangt etter SSBs definisjon, med få rom og liten plass per person.", en = "Share of households that live in cramped conditions as Statistics Norway defines it, with few rooms and little space per person." }
unit = { nb = "prosent", en = "per cent" }
decimals = 1
better = "higher"
inputs = ["overcrowded_households_percent", "population_persons"]
valid = { min = 0, max = 60 }
national = "approximate"
---*/
-- Population stands in for the number of households as weight.
SELECT
    share.municipality_code,
    share.period,
    share.value,
    share.status,
    population.value AS weight
FROM overcrowded_households_percent AS share
LEFT JOIN population_persons AS population
    ON population.municipality_code = share.municipality_code
    AND population.year = share.year

/*---
id = "rented_households_percent"
title = { nb = "Husholdninger som leier", en = "Households that rent" }
description = { nb = "Andel husholdninger som leier boligen. Sier ikke hvem som leier ufrivillig; studentbyer ligger høyt.", en = "Share of households that rent their dwelling. It does not say who rents against their will; student towns rank high." }
unit = { nb = "prosent", en = "per cent" }
decimals = 1
better = "higher"
inputs = ["rented_households_percent", "population_persons"]
valid = { min = 0, max = 80 }
national = "approximate"
---*/
-- Population stands in for the number of households, which the source does not give.
SELECT
    share.municipality_code,
    share.period,
    share.value,
    share.status,
    population.value AS weight
FROM rented_households_percent AS share
LEFT JOIN population_persons AS population
    ON population.municipality_code = share.municipality_code
    AND population.year = share.year

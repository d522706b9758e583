/*---
id = "planned_dwellings_vs_household_growth_ratio"
title = { nb = "Planreserve mot forventet vekst", en = "Planned reserve against expected growth" }
description = { nb = "Regulerte, ubygde boliger delt på forventet vekst i husholdninger over ti år. Gir ikke mening der det ikke ventes vekst.", en = "Zoned, unbuilt dwellings divided by expected household growth over ten years. It has no meaning where no growth is expected." }
unit = { nb = "ganger ti års vekst", en = "times ten years’ growth" }
decimals = 2
better = "higher"
inputs = ["planned_unbuilt_dwellings_count", "projected_household_growth_10y_count"]
valid = { min = 0, max = 1000 }
national = "exact"
---*/
SELECT
    reserve.municipality_code,
    reserve.period,
    CASE WHEN growth.value > 0 THEN 1.0 * reserve.value / growth.value END AS value,
    CASE
        WHEN reserve.value IS NULL THEN reserve.status
        WHEN growth.value IS NULL THEN growth.status
        -- No growth to plan for: a ratio would be negative or without end.
        WHEN growth.value <= 0 THEN 'not_applicable'
        WHEN 'estimated' IN (reserve.status, growth.status) THEN 'estimated'
        ELSE reserve.status
    END AS status,
    CASE WHEN growth.value > 0 THEN growth.value END AS weight
FROM planned_unbuilt_dwellings_count AS reserve
LEFT JOIN projected_household_growth_10y_count AS growth
    ON growth.municipality_code = reserve.municipality_code
    AND growth.year = reserve.year

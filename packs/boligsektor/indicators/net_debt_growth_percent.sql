/*---
id = "net_debt_growth_percent"
title = { nb = "Vekst i netto lånegjeld, per år over tre år", en = "Growth in net debt, per year over three years" }
description = { nb = "Økning i netto lånegjeld de siste tre årene, delt på tre. Kroner, ikke justert for prisstigning.", en = "Increase in net debt over the last three years, divided by three. In NOK, not adjusted for inflation." }
unit = { nb = "prosent per år", en = "per cent per year" }
decimals = 1
better = "lower"
inputs = ["net_debt_nok"]
valid = { min = -50, max = 300 }
national = "exact"
---*/
SELECT
    later.municipality_code,
    later.period,
    CASE WHEN earlier.value > 0 THEN 100.0 * (later.value - earlier.value) / (3.0 * earlier.value) END AS value,
    CASE
        WHEN later.value IS NULL THEN later.status
        WHEN earlier.value IS NULL THEN earlier.status
        -- A municipality without net debt has no growth rate.
        WHEN earlier.value <= 0 THEN 'not_applicable'
        WHEN 'estimated' IN (later.status, earlier.status) THEN 'estimated'
        ELSE later.status
    END AS status,
    CASE WHEN earlier.value > 0 THEN earlier.value END AS weight
FROM net_debt_nok AS later
LEFT JOIN net_debt_nok AS earlier
    ON earlier.municipality_code = later.municipality_code
    AND earlier.year = later.year - 3
-- The first three years have nothing to be compared with; they are no gap of the municipality.
WHERE later.year >= (SELECT min(year) + 3 FROM net_debt_nok)

/*---
id = "construction_gap_percent"
title = { nb = "Byggegap siste tre år", en = "Construction gap over three years" }
description = { nb = "Vekst i husholdninger minus fullførte boliger de siste tre årene, i prosent av husholdningene. Over null er det bygd for lite; fraflyttede og revne boliger er ikke med.", en = "Household growth less completed dwellings over the last three years, as a percentage of households. Above zero too little was built; vacated and demolished dwellings are not counted." }
unit = { nb = "prosent", en = "per cent" }
decimals = 1
better = "higher"
inputs = ["households_count", "dwellings_completed_count"]
valid = { min = -40, max = 40 }
national = "exact"
---*/
-- Households are counted on 1 January: growth from 2023 to 2026 is met by what was completed in
-- 2023, 2024 and 2025. All three years are needed, or the gap would look larger than it is.
SELECT
    later.municipality_code,
    later.period,
    CASE WHEN count(completed.value) = 3
        THEN 100.0 * (later.value - earlier.value - sum(completed.value)) / nullif(earlier.value, 0)
    END AS value,
    CASE
        WHEN later.value IS NULL THEN later.status
        WHEN earlier.value IS NULL THEN earlier.status
        WHEN earlier.value = 0 THEN 'not_applicable'
        WHEN count(completed.value) < 3 THEN 'not_collected'
        WHEN 'estimated' IN (later.status, earlier.status) THEN 'estimated'
        ELSE later.status
    END AS status,
    earlier.value AS weight
FROM households_count AS later
LEFT JOIN households_count AS earlier
    ON earlier.municipality_code = later.municipality_code
    AND earlier.year = later.year - 3
LEFT JOIN dwellings_completed_count AS completed
    ON completed.municipality_code = later.municipality_code
    AND completed.year BETWEEN later.year - 3 AND later.year - 1
-- The first three years have nothing to be compared with; they are no gap of the municipality.
WHERE later.year >= (SELECT min(year) + 3 FROM households_count)
GROUP BY
    later.municipality_code, later.period, later.value, later.status, earlier.value, earlier.status

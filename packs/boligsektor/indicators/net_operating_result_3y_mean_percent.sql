/*---
id = "net_operating_result_3y_mean_percent"
title = { nb = "Netto driftsresultat, snitt av tre år", en = "Net operating result, three-year mean" }
description = { nb = "Gjennomsnittet av netto driftsresultat i prosent av inntektene de siste tre årene. Mangler ett av årene, er det et hull.", en = "Mean of the net operating result as a percentage of revenue over the last three years. If one of the years is missing it is a gap." }
unit = { nb = "prosent av brutto driftsinntekter", en = "per cent of gross operating revenue" }
decimals = 2
better = "higher"
inputs = ["net_operating_result_percent"]
valid = { min = -40, max = 60 }
national = "none"
---*/
-- One good or bad year says little: fewer than three years give no mean.
SELECT
    latest.municipality_code,
    latest.period,
    CASE WHEN count(recent.value) = 3 THEN avg(recent.value) END AS value,
    CASE
        WHEN latest.value IS NULL THEN latest.status
        WHEN count(recent.value) < 3 THEN 'not_collected'
        WHEN sum(CASE WHEN recent.status = 'estimated' THEN 1 ELSE 0 END) > 0 THEN 'estimated'
        ELSE latest.status
    END AS status
FROM net_operating_result_percent AS latest
JOIN net_operating_result_percent AS recent
    ON recent.municipality_code = latest.municipality_code
    AND recent.year BETWEEN latest.year - 2 AND latest.year
GROUP BY latest.municipality_code, latest.period, latest.value, latest.status

/*---
id = "environmental_objections_percent"
title = { nb = "Innsigelser om miljø eller jordvern, siste tre år", en = "Objections on environment or soil, last three years" }
description = { nb = "Innsigelser begrunnet med miljø eller jordvern, som andel av alle innsigelser de siste tre årene. Krever minst tre innsigelser.", en = "Objections on grounds of environment or soil protection as a share of all objections over the last three years. Needs at least three objections." }
unit = { nb = "prosent", en = "per cent" }
decimals = 0
better = "none"
inputs = ["environmental_objections_count", "plan_objections_count"]
valid = { min = 0, max = 100 }
national = "exact"
---*/
WITH yearly AS (
    SELECT
        objections.municipality_code,
        objections.period,
        objections.year,
        CASE WHEN environmental.value IS NOT NULL THEN objections.value END AS objections_count,
        CASE WHEN objections.value IS NOT NULL THEN environmental.value END AS environmental_count,
        CASE
            WHEN objections.value IS NULL THEN objections.status
            WHEN environmental.value IS NULL THEN environmental.status
            WHEN 'estimated' IN (objections.status, environmental.status) THEN 'estimated'
            ELSE objections.status
        END AS status
    FROM plan_objections_count AS objections
    LEFT JOIN environmental_objections_count AS environmental
        ON environmental.municipality_code = objections.municipality_code
        AND environmental.year = objections.year
)

-- Fewer than three objections over three years make no share.
SELECT
    latest.municipality_code,
    latest.period,
    CASE WHEN latest.objections_count IS NOT NULL AND sum(recent.objections_count) >= 3
        THEN 100.0 * sum(recent.environmental_count) / sum(recent.objections_count)
    END AS value,
    CASE
        WHEN latest.objections_count IS NULL THEN latest.status
        WHEN sum(recent.objections_count) < 3 THEN 'not_applicable'
        WHEN sum(CASE WHEN recent.status = 'estimated' THEN 1 ELSE 0 END) > 0 THEN 'estimated'
        ELSE latest.status
    END AS status,
    sum(recent.objections_count) AS weight
FROM yearly AS latest
JOIN yearly AS recent
    ON recent.municipality_code = latest.municipality_code
    AND recent.year BETWEEN latest.year - 2 AND latest.year
GROUP BY latest.municipality_code, latest.period, latest.objections_count, latest.status

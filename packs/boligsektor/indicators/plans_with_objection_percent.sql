/*---
id = "plans_with_objection_percent"
title = { nb = "Planer med innsigelse, siste tre år", en = "Plans met with objection, last three years" }
description = { nb = "Planer som møtte innsigelse, som andel av planer på høring de siste tre årene. Krever minst tre planer; kommunene rapporterer selv.", en = "Plans met with a formal objection as a share of plans heard over the last three years. Needs at least three plans; reported by the municipalities." }
unit = { nb = "prosent", en = "per cent" }
decimals = 0
better = "lower"
inputs = ["plans_with_objection_count", "plans_heard_count"]
valid = { min = 0, max = 100 }
national = "exact"
---*/
WITH yearly AS (
    SELECT
        heard.municipality_code,
        heard.period,
        heard.year,
        CASE WHEN objected.value IS NOT NULL THEN heard.value END AS heard_count,
        CASE WHEN heard.value IS NOT NULL THEN objected.value END AS objected_count,
        CASE
            WHEN heard.value IS NULL THEN heard.status
            WHEN objected.value IS NULL THEN objected.status
            WHEN 'estimated' IN (heard.status, objected.status) THEN 'estimated'
            ELSE heard.status
        END AS status
    FROM plans_heard_count AS heard
    LEFT JOIN plans_with_objection_count AS objected
        ON objected.municipality_code = heard.municipality_code
        AND objected.year = heard.year
)

-- Fewer than three plans over three years make no share: one plan would be 50 or 100 per cent.
SELECT
    latest.municipality_code,
    latest.period,
    CASE WHEN latest.heard_count IS NOT NULL AND sum(recent.heard_count) >= 3
        THEN 100.0 * sum(recent.objected_count) / sum(recent.heard_count)
    END AS value,
    CASE
        WHEN latest.heard_count IS NULL THEN latest.status
        WHEN sum(recent.heard_count) < 3 THEN 'not_applicable'
        WHEN sum(CASE WHEN recent.status = 'estimated' THEN 1 ELSE 0 END) > 0 THEN 'estimated'
        ELSE latest.status
    END AS status,
    sum(recent.heard_count) AS weight
FROM yearly AS latest
JOIN yearly AS recent
    ON recent.municipality_code = latest.municipality_code
    AND recent.year BETWEEN latest.year - 2 AND latest.year
GROUP BY latest.municipality_code, latest.period, latest.heard_count, latest.status

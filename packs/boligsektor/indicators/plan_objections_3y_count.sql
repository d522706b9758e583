/*---
id = "plan_objections_3y_count"
title = { nb = "Innsigelser, siste tre år", en = "Objections, last three years" }
description = { nb = "Innsigelser de siste tre årene: hvor mange andelen om miljø eller jordvern er av. Kommunene rapporterer selv.", en = "Objections over the last three years: how many the share on environment or soil is of. Reported by the municipalities." }
unit = { nb = "innsigelser", en = "objections" }
decimals = 0
better = "none"
inputs = ["plan_objections_count"]
valid = { min = 0, max = 5000 }
national = "none"
---*/
-- A year without a report inside the three adds nothing: the count is of those that were reported.
SELECT
    latest.municipality_code,
    latest.period,
    CASE WHEN latest.value IS NOT NULL THEN sum(recent.value) END AS value,
    CASE
        WHEN latest.value IS NULL THEN latest.status
        WHEN sum(CASE WHEN recent.status = 'estimated' THEN 1 ELSE 0 END) > 0 THEN 'estimated'
        ELSE latest.status
    END AS status
FROM plan_objections_count AS latest
JOIN plan_objections_count AS recent
    ON recent.municipality_code = latest.municipality_code
    AND recent.year BETWEEN latest.year - 2 AND latest.year
GROUP BY latest.municipality_code, latest.period, latest.value, latest.status

/*---
id = "plans_heard_3y_count"
title = { nb = "Planer på høring, siste tre år", en = "Plans heard, last three years" }
description = { nb = "Planer på høring de siste tre årene: hvor mange andelen med innsigelse er av. Kommunene rapporterer selv.", en = "Plans heard over the last three years: how many the share met with an objection is of. Reported by the municipalities." }
unit = { nb = "planer", en = "plans" }
decimals = 0
better = "none"
inputs = ["plans_heard_count"]
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
FROM plans_heard_count AS latest
JOIN plans_heard_count AS recent
    ON recent.municipality_code = latest.municipality_code
    AND recent.year BETWEEN latest.year - 2 AND latest.year
GROUP BY latest.municipality_code, latest.period, latest.value, latest.status

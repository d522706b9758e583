/*---
id = "old_age_dependency_percent"
title = { nb = "Forsørgerbyrde, eldre", en = "Old-age dependency" }
description = { nb = "Innbyggere 67 år og over per 100 i alderen 20–66 år. Over 50 vil si færre enn to i arbeidsfør alder per eldre.", en = "Residents aged 67 and over per 100 aged 20–66. Above 50 means fewer than two of working age for each older resident." }
unit = { nb = "prosent", en = "per cent" }
decimals = 1
better = "lower"
inputs = ["population_67_79_persons", "population_80plus_persons", "population_20_66_persons"]
valid = { min = 0, max = 150 }
national = "exact"
---*/
SELECT
    older.municipality_code,
    older.period,
    100.0 * (older.value + oldest.value) / nullif(working_age.value, 0) AS value,
    CASE
        WHEN older.value IS NULL THEN older.status
        WHEN oldest.value IS NULL THEN oldest.status
        WHEN working_age.value IS NULL THEN working_age.status
        WHEN working_age.value = 0 THEN 'not_applicable'
        WHEN 'estimated' IN (older.status, oldest.status, working_age.status) THEN 'estimated'
        ELSE older.status
    END AS status,
    working_age.value AS weight
FROM population_67_79_persons AS older
LEFT JOIN population_80plus_persons AS oldest
    ON oldest.municipality_code = older.municipality_code
    AND oldest.year = older.year
LEFT JOIN population_20_66_persons AS working_age
    ON working_age.municipality_code = older.municipality_code
    AND working_age.year = older.year

/*---
id = "negative_result_years_count"
title = { nb = "År med negativt resultat, siste tre", en = "Years with a negative result, last three" }
description = { nb = "Hvor mange av de tre siste årene som hadde negativt netto driftsresultat. Kan bare sies når alle tre er kjent, eller når to allerede er negative.", en = "How many of the last three years had a negative net operating result. It can only be told when all three are known, or when two are already negative." }
unit = { nb = "år av 3", en = "years of 3" }
decimals = 0
better = "lower"
inputs = ["net_operating_result_percent"]
valid = { min = 0, max = 3 }
national = "none"
---*/
WITH counted AS (
    SELECT
        latest.municipality_code,
        latest.period,
        latest.status,
        count(recent.value) AS known_years,
        sum(CASE WHEN recent.value < 0 THEN 1 ELSE 0 END) AS negative_years
    FROM net_operating_result_percent AS latest
    JOIN net_operating_result_percent AS recent
        ON recent.municipality_code = latest.municipality_code
        AND recent.year BETWEEN latest.year - 2 AND latest.year
    GROUP BY latest.municipality_code, latest.period, latest.status
)

-- Two negative years settle the question whatever the third says.
SELECT
    municipality_code,
    period,
    CASE WHEN known_years = 3 OR negative_years >= 2 THEN 1.0 * negative_years END AS value,
    CASE
        WHEN known_years = 3 OR negative_years >= 2 THEN 'ok'
        WHEN status IN ('suppressed', 'not_applicable', 'not_published', 'not_collected') THEN status
        ELSE 'not_collected'
    END AS status
FROM counted

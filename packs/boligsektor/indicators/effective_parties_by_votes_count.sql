/*---
id = "effective_parties_by_votes_count"
title = { nb = "Effektivt antall partier, etter stemmer", en = "Effective number of parties, by votes" }
description = { nb = "Hvor mange like store partier stemmene tilsvarer. Mange partier gjør flertall vanskeligere å holde. Stemmer står i stedet for mandater til mandatene er hentet.", en = "How many parties of equal size the votes correspond to. Many parties make a majority harder to keep. Votes stand in until seats are synced." }
unit = { nb = "partier", en = "parties" }
decimals = 1
better = "lower"
inputs = [
    "council_a_votes", "council_h_votes", "council_sp_votes", "council_frp_votes",
    "council_sv_votes", "council_krf_votes", "council_v_votes", "council_mdg_votes",
    "council_r_votes", "council_others_votes",
]
valid = { min = 1, max = 12 }
national = "none"
---*/
-- 1 / sum of squared shares. All other lists count as one, so the number is too low where they are many.
WITH lists AS (
    SELECT municipality_code, period, value, 0 AS is_other FROM council_a_votes
    UNION ALL
    SELECT municipality_code, period, value, 0 AS is_other FROM council_h_votes
    UNION ALL
    SELECT municipality_code, period, value, 0 AS is_other FROM council_sp_votes
    UNION ALL
    SELECT municipality_code, period, value, 0 AS is_other FROM council_frp_votes
    UNION ALL
    SELECT municipality_code, period, value, 0 AS is_other FROM council_sv_votes
    UNION ALL
    SELECT municipality_code, period, value, 0 AS is_other FROM council_krf_votes
    UNION ALL
    SELECT municipality_code, period, value, 0 AS is_other FROM council_v_votes
    UNION ALL
    SELECT municipality_code, period, value, 0 AS is_other FROM council_mdg_votes
    UNION ALL
    SELECT municipality_code, period, value, 0 AS is_other FROM council_r_votes
    UNION ALL
    SELECT municipality_code, period, value, 1 AS is_other FROM council_others_votes
)

SELECT
    municipality_code,
    period,
    CASE WHEN count(value) = 10 AND 2 * sum(is_other * value) < sum(value)
        THEN 1.0 * sum(value) * sum(value) / nullif(sum(value * value), 0)
    END AS value,
    CASE
        WHEN count(value) < 10 THEN 'not_published'
        WHEN sum(value) = 0 THEN 'not_applicable'
        -- With most votes on joint and local lists, one "other list" says nothing about their number.
        WHEN 2 * sum(is_other * value) >= sum(value) THEN 'not_published'
        ELSE 'ok'
    END AS status
FROM lists
GROUP BY municipality_code, period

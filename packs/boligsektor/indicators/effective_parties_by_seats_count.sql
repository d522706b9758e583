/*---
id = "effective_parties_by_seats_count"
title = { nb = "Effektivt antall partier, etter mandater", en = "Effective number of parties, by seats" }
description = { nb = "Hvor mange like store partier mandatene tilsvarer. Få partier leses som stabilitet; ordførerskifte er ikke med ennå.", en = "How many parties of equal size the seats correspond to. Few parties are read as stability; changes of mayor are not included yet." }
unit = { nb = "partier", en = "parties" }
decimals = 1
better = "lower"
inputs = [
    "council_a_seats", "council_h_seats", "council_sp_seats", "council_frp_seats",
    "council_sv_seats", "council_krf_seats", "council_v_seats", "council_mdg_seats",
    "council_r_seats", "council_others_seats",
]
valid = { min = 1, max = 12 }
national = "none"
---*/
-- 1 / sum of squared shares. All other lists count as one, so the number is too low where they are many.
WITH lists AS (
    SELECT municipality_code, period, value FROM council_a_seats
    UNION ALL
    SELECT municipality_code, period, value FROM council_h_seats
    UNION ALL
    SELECT municipality_code, period, value FROM council_sp_seats
    UNION ALL
    SELECT municipality_code, period, value FROM council_frp_seats
    UNION ALL
    SELECT municipality_code, period, value FROM council_sv_seats
    UNION ALL
    SELECT municipality_code, period, value FROM council_krf_seats
    UNION ALL
    SELECT municipality_code, period, value FROM council_v_seats
    UNION ALL
    SELECT municipality_code, period, value FROM council_mdg_seats
    UNION ALL
    SELECT municipality_code, period, value FROM council_r_seats
    UNION ALL
    SELECT municipality_code, period, value FROM council_others_seats
)

SELECT
    municipality_code,
    period,
    CASE WHEN count(value) = 10
        THEN 1.0 * sum(value) * sum(value) / nullif(sum(value * value), 0)
    END AS value,
    CASE
        WHEN count(value) < 10 THEN 'not_published'
        WHEN sum(value) = 0 THEN 'not_applicable'
        ELSE 'ok'
    END AS status
FROM lists
GROUP BY municipality_code, period

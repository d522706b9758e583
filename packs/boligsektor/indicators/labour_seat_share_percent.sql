/*---
id = "labour_seat_share_percent"
title = { nb = "Arbeiderpartiets mandatandel", en = "Labour share of seats" }
description = { nb = "Arbeiderpartiets andel av mandatene i kommunestyret. Rapporten sier bare «styrke»; mandater er valgt her.", en = "Labour’s share of council seats. The report only says “strength”; seats are chosen here." }
unit = { nb = "prosent av mandatene", en = "per cent of the seats" }
decimals = 1
better = "none"
inputs = [
    "council_a_seats", "council_h_seats", "council_sp_seats", "council_frp_seats",
    "council_sv_seats", "council_krf_seats", "council_v_seats", "council_mdg_seats",
    "council_r_seats", "council_others_seats",
]
valid = { min = 0, max = 100 }
national = "exact"
---*/
-- `counts` is 1 for the lists whose share this is.
WITH lists AS (
    SELECT municipality_code, period, value, 1 AS counts FROM council_a_seats
    UNION ALL
    SELECT municipality_code, period, value, 0 AS counts FROM council_h_seats
    UNION ALL
    SELECT municipality_code, period, value, 0 AS counts FROM council_sp_seats
    UNION ALL
    SELECT municipality_code, period, value, 0 AS counts FROM council_frp_seats
    UNION ALL
    SELECT municipality_code, period, value, 0 AS counts FROM council_sv_seats
    UNION ALL
    SELECT municipality_code, period, value, 0 AS counts FROM council_krf_seats
    UNION ALL
    SELECT municipality_code, period, value, 0 AS counts FROM council_v_seats
    UNION ALL
    SELECT municipality_code, period, value, 0 AS counts FROM council_mdg_seats
    UNION ALL
    SELECT municipality_code, period, value, 0 AS counts FROM council_r_seats
    UNION ALL
    SELECT municipality_code, period, value, 0 AS counts FROM council_others_seats
)

SELECT
    municipality_code,
    period,
    CASE WHEN count(value) = 10
        THEN 100.0 * sum(counts * value) / nullif(sum(value), 0)
    END AS value,
    CASE
        WHEN count(value) < 10 THEN 'not_published'
        WHEN sum(value) = 0 THEN 'not_applicable'
        ELSE 'ok'
    END AS status,
    sum(value) AS weight
FROM lists
GROUP BY municipality_code, period

/*---
id = "council_housing_parties_seat_share_percent"
title = { nb = "Mandater til partier med program for ikke-kommersielle boliger", en = "Council seats of parties with a programme for non-commercial housing" }
description = { nb = "Andel av kommunestyrets mandater for Ap, SV, Rødt og MDG. Listen over partier kan endres, og felleslister regnes ikke med.", en = "Share of council seats held by Labour, SV, Rødt and MDG. The list of parties can be changed, and joint lists are not counted." }
unit = { nb = "prosent av mandatene", en = "per cent of the seats" }
decimals = 1
better = "higher"
inputs = [
    "council_a_seats", "council_h_seats", "council_sp_seats", "council_frp_seats",
    "council_sv_seats", "council_krf_seats", "council_v_seats", "council_mdg_seats",
    "council_r_seats", "council_others_seats",
]
valid = { min = 0, max = 100 }
national = "exact"
---*/
-- The list of parties is a choice, kept here so that it can be read and changed: `counts` is 1 for
-- parties that the pack counts as having a programme for non-commercial housing (A, SV, R, MDG).
WITH lists AS (
    SELECT municipality_code, period, value, 1 AS counts FROM council_a_seats
    UNION ALL
    SELECT municipality_code, period, value, 0 AS counts FROM council_h_seats
    UNION ALL
    SELECT municipality_code, period, value, 0 AS counts FROM council_sp_seats
    UNION ALL
    SELECT municipality_code, period, value, 0 AS counts FROM council_frp_seats
    UNION ALL
    SELECT municipality_code, period, value, 1 AS counts FROM council_sv_seats
    UNION ALL
    SELECT municipality_code, period, value, 0 AS counts FROM council_krf_seats
    UNION ALL
    SELECT municipality_code, period, value, 0 AS counts FROM council_v_seats
    UNION ALL
    SELECT municipality_code, period, value, 1 AS counts FROM council_mdg_seats
    UNION ALL
    SELECT municipality_code, period, value, 1 AS counts FROM council_r_seats
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

/*---
id = "labour_vote_share_percent"
title = { nb = "Arbeiderpartiets stemmeandel", en = "Labour share of votes" }
description = { nb = "Arbeiderpartiets andel av stemmene ved kommunevalget. Kan stå i stedet for mandater i rapportmodellene.", en = "Labour’s share of the municipal election votes. May stand in for seats in the report models." }
unit = { nb = "prosent av stemmene", en = "per cent of the votes" }
decimals = 1
better = "none"
inputs = [
    "council_a_votes", "council_h_votes", "council_sp_votes", "council_frp_votes",
    "council_sv_votes", "council_krf_votes", "council_v_votes", "council_mdg_votes",
    "council_r_votes", "council_others_votes",
]
valid = { min = 0, max = 100 }
national = "exact"
---*/
-- `counts` is 1 for the lists whose share this is.
WITH lists AS (
    SELECT municipality_code, period, value, 1 AS counts, 0 AS is_other FROM council_a_votes
    UNION ALL
    SELECT municipality_code, period, value, 0 AS counts, 0 AS is_other FROM council_h_votes
    UNION ALL
    SELECT municipality_code, period, value, 0 AS counts, 0 AS is_other FROM council_sp_votes
    UNION ALL
    SELECT municipality_code, period, value, 0 AS counts, 0 AS is_other FROM council_frp_votes
    UNION ALL
    SELECT municipality_code, period, value, 0 AS counts, 0 AS is_other FROM council_sv_votes
    UNION ALL
    SELECT municipality_code, period, value, 0 AS counts, 0 AS is_other FROM council_krf_votes
    UNION ALL
    SELECT municipality_code, period, value, 0 AS counts, 0 AS is_other FROM council_v_votes
    UNION ALL
    SELECT municipality_code, period, value, 0 AS counts, 0 AS is_other FROM council_mdg_votes
    UNION ALL
    SELECT municipality_code, period, value, 0 AS counts, 0 AS is_other FROM council_r_votes
    UNION ALL
    SELECT municipality_code, period, value, 0 AS counts, 1 AS is_other FROM council_others_votes
)

SELECT
    municipality_code,
    period,
    CASE WHEN count(value) = 10 AND 2 * sum(is_other * value) < sum(value)
        THEN 100.0 * sum(counts * value) / nullif(sum(value), 0)
    END AS value,
    CASE
        WHEN count(value) < 10 THEN 'not_published'
        WHEN sum(value) = 0 THEN 'not_applicable'
        -- Joint and local lists hide who the votes went to.
        WHEN 2 * sum(is_other * value) >= sum(value) THEN 'not_published'
        ELSE 'ok'
    END AS status,
    sum(value) AS weight
FROM lists
GROUP BY municipality_code, period

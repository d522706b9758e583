/*---
id = "council_housing_parties_vote_share_percent"
title = { nb = "Stemmer til partier med program for ikke-kommersielle boliger", en = "Votes for parties with a programme for non-commercial housing" }
description = { nb = "Andel av stemmene ved kommunevalget til Ap, SV, Rødt og MDG. Et svakt tegn på vilje: felleslister regnes som andre lister, og der de har minst halvparten, er andelen ukjent.", en = "Share of the municipal election votes for Labour, SV, Rødt and MDG. A weak sign of will: joint lists count as other lists, and where those have at least half the share is unknown." }
unit = { nb = "prosent av stemmene", en = "per cent of the votes" }
decimals = 1
better = "higher"
inputs = [
    "council_a_votes", "council_h_votes", "council_sp_votes", "council_frp_votes",
    "council_sv_votes", "council_krf_votes", "council_v_votes", "council_mdg_votes",
    "council_r_votes", "council_others_votes",
]
valid = { min = 0, max = 100 }
national = "exact"
---*/
-- The list of parties is a choice, kept here so that it can be read and changed: `counts` is 1 for
-- parties that the pack counts as having a programme for non-commercial housing (A, SV, R, MDG).
WITH lists AS (
    SELECT municipality_code, period, value, 1 AS counts, 0 AS is_other FROM council_a_votes
    UNION ALL
    SELECT municipality_code, period, value, 0 AS counts, 0 AS is_other FROM council_h_votes
    UNION ALL
    SELECT municipality_code, period, value, 0 AS counts, 0 AS is_other FROM council_sp_votes
    UNION ALL
    SELECT municipality_code, period, value, 0 AS counts, 0 AS is_other FROM council_frp_votes
    UNION ALL
    SELECT municipality_code, period, value, 1 AS counts, 0 AS is_other FROM council_sv_votes
    UNION ALL
    SELECT municipality_code, period, value, 0 AS counts, 0 AS is_other FROM council_krf_votes
    UNION ALL
    SELECT municipality_code, period, value, 0 AS counts, 0 AS is_other FROM council_v_votes
    UNION ALL
    SELECT municipality_code, period, value, 1 AS counts, 0 AS is_other FROM council_mdg_votes
    UNION ALL
    SELECT municipality_code, period, value, 1 AS counts, 0 AS is_other FROM council_r_votes
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

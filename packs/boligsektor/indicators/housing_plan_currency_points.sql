/*---
id = "housing_plan_currency_points"
title = { nb = "Boligsosial plan, hvor fersk", en = "Housing-social plan, how recent" }
description = { nb = "100 når kommunen har en boligsosial plan på høyst fire år, 60 opp til åtte år, 25 når den er eldre, og 0 når det er søkt uten å finne noen. Ikke gjennomsøkt er et hull, aldri 0.", en = "100 when the municipality has a housing-social plan of at most four years, 60 up to eight years, 25 when older, and 0 when a search found none. Not searched is a gap, never 0." }
unit = { nb = "poeng", en = "points" }
decimals = 0
better = "higher"
inputs = ["housing_plan_found", "housing_plan_age_years"]
valid = { min = 0, max = 100 }
national = "none"
---*/
SELECT
    found.municipality_code,
    found.period,
    CASE
        WHEN found.value = 0 THEN 0.0
        WHEN found.value IS NULL THEN NULL
        WHEN age.value > 8 THEN 25.0
        WHEN age.value > 4 THEN 60.0
        WHEN age.value <= 4 THEN 100.0
    END AS value,
    CASE
        WHEN found.value IS NULL THEN found.status
        -- Searched and not found: there is no age to ask for, and that is an answer.
        WHEN found.value = 0 THEN found.status
        WHEN age.value IS NULL THEN age.status
        WHEN 'estimated' IN (found.status, age.status) THEN 'estimated'
        ELSE found.status
    END AS status
FROM housing_plan_found AS found
LEFT JOIN housing_plan_age_years AS age
    ON age.municipality_code = found.municipality_code
    AND age.period = found.period

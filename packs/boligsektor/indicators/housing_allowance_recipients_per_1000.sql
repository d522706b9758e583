/*---
id = "housing_allowance_recipients_per_1000"
title = { nb = "Mottakere av bostøtte", en = "Housing-allowance recipients" }
description = { nb = "Husstander som mottar statlig bostøtte, per 1000 innbyggere. Reglene avgjør hvem som får, så tallet viser behov bare delvis.", en = "Households that receive the state housing allowance, per 1000 inhabitants. Rules decide who qualifies, so it shows need only in part." }
unit = { nb = "per 1000 innbyggere", en = "per 1000 inhabitants" }
decimals = 1
better = "higher"
inputs = ["housing_allowance_recipient_households", "population_persons"]
valid = { min = 0, max = 150 }
national = "exact"
---*/
SELECT
    recipients.municipality_code,
    recipients.period,
    1000.0 * recipients.value / nullif(population.value, 0) AS value,
    CASE
        WHEN recipients.value IS NULL THEN recipients.status
        WHEN population.value IS NULL THEN population.status
        WHEN population.value = 0 THEN 'not_applicable'
        WHEN 'estimated' IN (recipients.status, population.status) THEN 'estimated'
        ELSE recipients.status
    END AS status,
    population.value AS weight
FROM housing_allowance_recipient_households AS recipients
LEFT JOIN population_persons AS population
    ON population.municipality_code = recipients.municipality_code
    AND population.year = recipients.year

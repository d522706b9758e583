/*---
id = "unemployment_vs_national_ratio"
title = { nb = "Registrert ledighet mot landet", en = "Registered unemployment against the country" }
description = { nb = "Helt ledige i prosent av arbeidsstyrken, delt på andelen i landet samme måned. Små kommuner holdes tilbake av NAV.", en = "Registered unemployed as a share of the labour force, divided by the national share in the same month. NAV withholds small municipalities." }
unit = { nb = "landet = 1", en = "country = 1" }
decimals = 2
better = "higher"
inputs = ["registered_unemployed_percent", "registered_unemployed_national_percent"]
valid = { min = 0, max = 8 }
national = "none"
---*/
-- Joined on the month: unemployment has seasons. The municipal figures of October 2022 have no
-- national partner, so they give a gap and never pass as today's.
SELECT
    unemployed.municipality_code,
    unemployed.period,
    1.0 * unemployed.value / nullif(country.value, 0) AS value,
    CASE
        WHEN unemployed.value IS NULL THEN unemployed.status
        WHEN country.value IS NULL THEN country.status
        WHEN country.value = 0 THEN 'not_applicable'
        WHEN 'estimated' IN (unemployed.status, country.status) THEN 'estimated'
        ELSE unemployed.status
    END AS status
FROM registered_unemployed_percent AS unemployed
LEFT JOIN registered_unemployed_national_percent AS country
    ON country.municipality_code = '0'
    AND country.period = unemployed.period

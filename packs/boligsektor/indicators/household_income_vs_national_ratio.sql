/*---
id = "household_income_vs_national_ratio"
title = { nb = "Medianinntekt mot landet", en = "Median income against the country" }
description = { nb = "Medianinntekten etter skatt for husholdninger delt på landets median samme år. Ikke justert for husholdningens størrelse.", en = "Median household income after tax divided by the national median of the same year. Not adjusted for household size." }
unit = { nb = "landet = 1", en = "country = 1" }
decimals = 2
better = "lower"
inputs = ["household_income_after_tax_median_nok", "household_income_after_tax_median_national_nok"]
valid = { min = 0.4, max = 2.5 }
national = "none"
---*/
-- The median of the country is its own figure: municipal medians must never be averaged.
SELECT
    income.municipality_code,
    income.period,
    1.0 * income.value / nullif(country.value, 0) AS value,
    CASE
        WHEN income.value IS NULL THEN income.status
        WHEN country.value IS NULL THEN country.status
        WHEN country.value = 0 THEN 'not_applicable'
        WHEN 'estimated' IN (income.status, country.status) THEN 'estimated'
        ELSE income.status
    END AS status
FROM household_income_after_tax_median_nok AS income
LEFT JOIN household_income_after_tax_median_national_nok AS country
    ON country.municipality_code = '0'
    AND country.year = income.year

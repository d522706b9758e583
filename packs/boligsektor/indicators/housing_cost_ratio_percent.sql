/*---
id = "housing_cost_ratio_percent"
title = { nb = "Boutgift mot inntekt", en = "Housing cost against income" }
description = { nb = "Årlig betjening av et lån på hele prisen for 70 m² over 30 år, i prosent av medianinntekten etter skatt. Forutsetter gjennomsnittlig kvadratmeterpris; felleskostnader og egenkapital er ikke med.", en = "Yearly payment on a 30-year loan for the whole price of 70 m², as a percentage of median income after tax. It assumes the mean price per square metre; shared costs and own capital are left out." }
unit = { nb = "prosent", en = "per cent" }
decimals = 1
better = "higher"
inputs = ["dwelling_price_nok_per_m2", "mortgage_rate_percent", "household_income_after_tax_median_nok"]
valid = { min = 1, max = 200 }
national = "none"
---*/
-- 70 m² and 30 years are assumptions, kept in one place so that they can be changed.
WITH assumptions AS (
    SELECT 70.0 AS dwelling_m2, 30.0 AS loan_years
),

-- Share of the loan paid each year as a level annuity. The country stands as municipality 0.
annuity AS (
    SELECT
        mortgage.year,
        mortgage.status,
        mortgage.value AS rate_percent,
        mortgage.value / 100.0
            / nullif(1.0 - power(1.0 + mortgage.value / 100.0, -assumptions.loan_years), 0) AS yearly_share
    FROM mortgage_rate_percent AS mortgage
    CROSS JOIN assumptions
    WHERE mortgage.municipality_code = '0'
)

SELECT
    price.municipality_code,
    price.period,
    100.0 * price.value * assumptions.dwelling_m2 * annuity.yearly_share / nullif(income.value, 0) AS value,
    CASE
        WHEN price.value IS NULL THEN price.status
        WHEN income.value IS NULL THEN income.status
        WHEN income.value = 0 THEN 'not_applicable'
        WHEN annuity.rate_percent IS NULL THEN annuity.status
        WHEN annuity.yearly_share IS NULL THEN 'not_applicable'
        WHEN 'estimated' IN (price.status, income.status, annuity.status) THEN 'estimated'
        ELSE price.status
    END AS status
FROM dwelling_price_nok_per_m2 AS price
CROSS JOIN assumptions
LEFT JOIN household_income_after_tax_median_nok AS income
    ON income.municipality_code = price.municipality_code
    AND income.year = price.year
LEFT JOIN annuity
    ON annuity.year = price.year

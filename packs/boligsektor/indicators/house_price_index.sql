/*---
id = "house_price_index"
title = { nb = "Prisnivå, landet = 100", en = "Price level, country = 100" }
description = { nb = "Gjennomsnittlig kvadratmeterpris for brukte boliger mot landet. Boligtypene er ulike fra sted til sted, og få salg gir utslag.", en = "Mean price per square metre of existing dwellings against the country. Dwelling types differ from place to place, and few sales make it jump." }
unit = { nb = "landet = 100", en = "country = 100" }
decimals = 0
better = "none"
inputs = ["dwelling_price_nok_per_m2", "dwelling_price_national_nok_per_m2"]
valid = { min = 5, max = 500 }
national = "none"
---*/
-- The country's price is its own figure: a mean of municipal means would ignore the number of sales.
SELECT
    price.municipality_code,
    price.period,
    100.0 * price.value / nullif(country.value, 0) AS value,
    CASE
        WHEN price.value IS NULL THEN price.status
        WHEN country.value IS NULL THEN country.status
        WHEN country.value = 0 THEN 'not_applicable'
        WHEN 'estimated' IN (price.status, country.status) THEN 'estimated'
        ELSE price.status
    END AS status
FROM dwelling_price_nok_per_m2 AS price
LEFT JOIN dwelling_price_national_nok_per_m2 AS country
    ON country.municipality_code = '0'
    AND country.year = price.year

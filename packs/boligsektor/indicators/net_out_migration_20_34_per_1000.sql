/*---
id = "net_out_migration_20_34_per_1000"
title = { nb = "Netto utflytting av unge voksne", en = "Net out-migration of young adults" }
description = { nb = "Hvor mange flere som flyttet ut enn inn blant unge voksne, per 1000 og år over fem år: alderen 15–29 år sammenlignes med 20–34 år fem år senere. Dødsfall regnes som utflytting, og innvandring er med.", en = "How many more young adults moved out than in, per 1000 and year over five years: ages 15–29 are compared with ages 20–34 five years later. Deaths count as leaving, and immigration is included." }
unit = { nb = "per 1000 og år", en = "per 1000 and year" }
decimals = 1
better = "higher"
inputs = ["population_15_29_persons", "population_20_34_persons"]
valid = { min = -300, max = 200 }
national = "exact"
---*/
SELECT
    later.municipality_code,
    later.period,
    1000.0 * (earlier.value - later.value) / nullif(5.0 * earlier.value, 0) AS value,
    CASE
        WHEN later.value IS NULL THEN later.status
        WHEN earlier.value IS NULL THEN earlier.status
        WHEN earlier.value = 0 THEN 'not_applicable'
        WHEN 'estimated' IN (later.status, earlier.status) THEN 'estimated'
        ELSE later.status
    END AS status,
    earlier.value AS weight
FROM population_20_34_persons AS later
LEFT JOIN population_15_29_persons AS earlier
    ON earlier.municipality_code = later.municipality_code
    AND earlier.year = later.year - 5

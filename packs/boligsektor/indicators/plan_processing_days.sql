/*---
id = "plan_processing_days"
title = { nb = "Behandlingstid for private detaljreguleringer", en = "Processing time of private zoning plans" }
description = { nb = "Kalenderdager fra oppstartsmøtet med utbyggeren til endelig vedtak i kommunestyret. Få planer i året gir store sprang; foreløpig bare Vestland, og for noen kommuner tall fra 2023 eller 2024.", en = "Calendar days from the start-up meeting with the developer to the final decision in the council. Few plans a year make it jump; only Vestland so far, and figures from 2023 or 2024 for some." }
unit = { nb = "dager", en = "days" }
decimals = 0
better = "lower"
inputs = ["plan_processing_days"]
valid = { min = 1, max = 6000 }
national = "none"
look_back_years = 2
---*/
WITH newest_figure AS (
    SELECT municipality_code, max(year) AS year
    FROM plan_processing_days
    WHERE value IS NOT NULL
    GROUP BY municipality_code
)

-- Many municipalities finish no plan in a given year. A gap is left out while a figure at most two
-- years older stands behind it; `look_back_years` lets the engine take that figure.
SELECT days.municipality_code, days.period, days.value, days.status
FROM plan_processing_days AS days
LEFT JOIN newest_figure
    ON newest_figure.municipality_code = days.municipality_code
WHERE
    days.value IS NOT NULL
    OR newest_figure.year IS NULL
    OR newest_figure.year < days.year - 2

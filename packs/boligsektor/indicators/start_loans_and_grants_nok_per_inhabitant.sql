/*---
id = "start_loans_and_grants_nok_per_inhabitant"
title = { nb = "Startlån og boligtilskudd per innbygger, snitt av tre år", en = "Start loans and housing grants per inhabitant, three-year mean" }
description = { nb = "Startlån og tilskudd fra Husbanken som kommunen har delt ut, i kroner per innbygger og år. Høy bruk kan vise både innsats og behov.", en = "Start loans and grants from Husbanken that the municipality has passed on, in NOK per inhabitant and year. High use may show both effort and need." }
unit = { nb = "kroner per innbygger og år", en = "NOK per inhabitant and year" }
decimals = 0
better = "higher"
inputs = ["start_loans_nok", "housing_grants_nok", "population_persons"]
valid = { min = 0, max = 100000 }
national = "exact"
---*/
WITH yearly AS (
    SELECT
        loans.municipality_code,
        loans.period,
        loans.year,
        CASE WHEN population.value IS NOT NULL THEN loans.value + grants.value END AS granted_nok,
        CASE WHEN loans.value + grants.value IS NOT NULL THEN population.value END AS inhabitants,
        CASE
            WHEN loans.value IS NULL THEN loans.status
            WHEN grants.value IS NULL THEN grants.status
            WHEN population.value IS NULL THEN population.status
            WHEN 'estimated' IN (loans.status, grants.status, population.status) THEN 'estimated'
            ELSE loans.status
        END AS status
    FROM start_loans_nok AS loans
    LEFT JOIN housing_grants_nok AS grants
        ON grants.municipality_code = loans.municipality_code
        AND grants.year = loans.year
    LEFT JOIN population_persons AS population
        ON population.municipality_code = loans.municipality_code
        AND population.year = loans.year
)

SELECT
    latest.municipality_code,
    latest.period,
    CASE WHEN count(recent.granted_nok) = 3
        THEN 1.0 * sum(recent.granted_nok) / nullif(sum(recent.inhabitants), 0)
    END AS value,
    CASE
        WHEN latest.granted_nok IS NULL THEN latest.status
        WHEN count(recent.granted_nok) < 3 THEN 'not_collected'
        WHEN sum(recent.inhabitants) = 0 THEN 'not_applicable'
        WHEN sum(CASE WHEN recent.status = 'estimated' THEN 1 ELSE 0 END) > 0 THEN 'estimated'
        ELSE latest.status
    END AS status,
    sum(recent.inhabitants) AS weight
FROM yearly AS latest
JOIN yearly AS recent
    ON recent.municipality_code = latest.municipality_code
    AND recent.year BETWEEN latest.year - 2 AND latest.year
-- The first two years cannot have a three-year mean; they are no gap of the municipality.
WHERE latest.year >= (SELECT min(year) + 2 FROM start_loans_nok)
GROUP BY latest.municipality_code, latest.period, latest.granted_nok, latest.status

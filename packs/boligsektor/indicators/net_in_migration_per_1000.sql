/*---
id = "net_in_migration_per_1000"
title = { nb = "Nettoinnflytting per 1000 innbyggere, snitt av tre år", en = "Net in-migration per 1000 inhabitants, three-year mean" }
description = { nb = "Innflyttede minus utflyttede, innenlands og fra utlandet, per 1000 innbyggere og år. Bosetting av flyktninger teller med og forklarer mye i små kommuner.", en = "In-migrants less out-migrants, domestic and from abroad, per 1000 inhabitants and year. Settled refugees count and explain much in small municipalities." }
unit = { nb = "per 1000 innbyggere og år", en = "per 1000 inhabitants and year" }
decimals = 1
better = "higher"
inputs = ["net_in_migration_persons", "population_persons"]
valid = { min = -150, max = 200 }
national = "exact"
---*/
WITH yearly AS (
    SELECT
        migration.municipality_code,
        migration.period,
        migration.year,
        CASE WHEN population.value IS NOT NULL THEN migration.value END AS net_persons,
        CASE WHEN migration.value IS NOT NULL THEN population.value END AS inhabitants,
        CASE
            WHEN migration.value IS NULL THEN migration.status
            WHEN population.value IS NULL THEN population.status
            WHEN 'estimated' IN (migration.status, population.status) THEN 'estimated'
            ELSE migration.status
        END AS status
    FROM net_in_migration_persons AS migration
    LEFT JOIN population_persons AS population
        ON population.municipality_code = migration.municipality_code
        AND population.year = migration.year
)

-- One year of a small municipality is mostly chance; a mean needs all three years or it is a gap.
SELECT
    latest.municipality_code,
    latest.period,
    CASE WHEN count(recent.net_persons) = 3
        THEN 1000.0 * sum(recent.net_persons) / nullif(sum(recent.inhabitants), 0)
    END AS value,
    CASE
        WHEN latest.net_persons IS NULL THEN latest.status
        WHEN count(recent.net_persons) < 3 THEN 'not_collected'
        WHEN sum(recent.inhabitants) = 0 THEN 'not_applicable'
        WHEN sum(CASE WHEN recent.status = 'estimated' THEN 1 ELSE 0 END) > 0 THEN 'estimated'
        ELSE latest.status
    END AS status,
    sum(recent.inhabitants) AS weight
FROM yearly AS latest
JOIN yearly AS recent
    ON recent.municipality_code = latest.municipality_code
    AND recent.year BETWEEN latest.year - 2 AND latest.year
GROUP BY latest.municipality_code, latest.period, latest.net_persons, latest.status

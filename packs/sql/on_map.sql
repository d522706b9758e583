-- `on_map` for DuckDB: run this file once, and indicators that use it run as they stand.
--
-- `FROM on_map(population_persons_as_published, 2024)` gives the figures of a table on the map of
-- a year. The table has municipality_code, period, value and status, each row under the code that
-- was in force in its year; beside it stands `region_conversion`, as in a snapshot. Counts only.
-- For any other engine `grunnlag sql --expand "..."` writes the query without the macro.
CREATE OR REPLACE MACRO on_map(figures_table, map_year) AS TABLE
SELECT municipality_code, period, year,
    CASE WHEN gap = 0 AND lacks = 0 THEN total END AS value,
    CASE WHEN gap = 4 THEN 'suppressed' WHEN gap = 3 OR lacks = 1 THEN 'not_published'
        WHEN gap = 2 THEN 'not_collected' WHEN gap = 1 THEN 'not_applicable'
        WHEN divided = 1 OR doubt = 3 THEN 'estimated' WHEN doubt = 2 THEN 'break'
        WHEN doubt = 1 THEN 'preliminary' ELSE 'ok' END AS status,
    CASE WHEN gap > 0 OR lacks = 1 THEN NULL WHEN size > 0 THEN modelled / size ELSE 0.0 END
        AS modelled_share
FROM (
    SELECT municipality_code, period, year, sum(part) AS total, sum(abs(part)) AS size,
        sum(abs(part) * divided) AS modelled, max(divided) AS divided,
        CASE WHEN count(*) < max(parts) THEN 1 ELSE 0 END AS lacks,
        max(CASE status WHEN 'suppressed' THEN 4 WHEN 'not_published' THEN 3
            WHEN 'not_collected' THEN 2 WHEN 'not_applicable' THEN 1 ELSE 0 END) AS gap,
        max(CASE status WHEN 'estimated' THEN 3 WHEN 'break' THEN 2
            WHEN 'preliminary' THEN 1 ELSE 0 END) AS doubt
    FROM (
        SELECT moved.*, max(own) OVER (PARTITION BY municipality_code, period) AS has_own
        FROM (
            SELECT to_code AS municipality_code, period, year, status, parts, 0 AS own,
                CASE WHEN value = round(value)
                    THEN round(value * share_to) - round(value * share_from)
                    ELSE value * share_to - value * share_from END AS part,
                CASE WHEN share_from = 0 AND share_to = 1 THEN 0 ELSE 1 END AS divided
            FROM (SELECT municipality_code, period, CAST(substr(period, 1, 4) AS INTEGER) AS year, value, status
    FROM query_table(figures_table)) AS figures
            -- The oldest map has to do for the years before it.
            CROSS JOIN (SELECT min(from_year) AS first_year FROM region_conversion) AS oldest
            JOIN region_conversion ON from_code = municipality_code AND to_year = map_year
                AND from_year = CASE WHEN year < first_year THEN first_year ELSE year END
            JOIN (SELECT to_code AS whole, from_year AS whole_year, count(*) AS parts
                FROM region_conversion WHERE to_year = map_year GROUP BY to_code, from_year
            ) AS wholes ON whole = to_code AND whole_year = from_year
            UNION ALL
            SELECT municipality_code, period, year, status, 1 AS parts, 1 AS own, value AS part,
                0 AS divided
            FROM (SELECT municipality_code, period, CAST(substr(period, 1, 4) AS INTEGER) AS year, value, status
    FROM query_table(figures_table)) AS figures
            CROSS JOIN (SELECT min(from_year) AS first_year FROM region_conversion) AS oldest
            WHERE municipality_code IN (SELECT to_code FROM region_conversion
                WHERE to_year = map_year AND from_year = map_year)
            AND NOT EXISTS (SELECT 1 FROM region_conversion WHERE to_year = map_year
                AND from_code = municipality_code
                AND from_year = CASE WHEN year < first_year THEN first_year ELSE year END)
            AND (value IS NOT NULL OR year NOT IN (SELECT from_year FROM region_conversion))
        ) AS moved
    ) AS chosen
    WHERE own = has_own
    GROUP BY municipality_code, period, year
) AS added;

/*---
id = "robek_listed"
title = { nb = "Står i ROBEK", en = "On the ROBEK list" }
description = { nb = "1 hvis kommunen står i registeret over kommuner som må ha godkjenning fra staten for å ta opp lån, ellers 0. Registeret endres hver måned.", en = "1 if the municipality is in the register of municipalities that need state approval to borrow, otherwise 0. The register changes every month." }
unit = { nb = "(1 = ja)", en = "(1 = yes)" }
decimals = 0
better = "lower"
inputs = ["robek_listed", "population_persons"]
valid = { min = 0, max = 1 }
national = "approximate"
---*/
-- Weighted by population, the national value is the share of residents in a listed municipality.
SELECT
    listed.municipality_code,
    listed.period,
    listed.value,
    listed.status,
    population.value AS weight
FROM robek_listed AS listed
LEFT JOIN population_persons AS population
    ON population.municipality_code = listed.municipality_code
    AND population.year = listed.year

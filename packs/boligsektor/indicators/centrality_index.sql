/*---
id = "centrality_index"
title = { nb = "Sentralitetsindeks", en = "Centrality index" }
description = { nb = "SSBs indeks fra 0 til 1000 for hvor mange arbeidsplasser og tjenester innbyggerne når. Landsverdien er snittet for innbyggerne.", en = "Statistics Norway’s index from 0 to 1000 of how many jobs and services residents can reach. The national value is the mean over residents." }
unit = { nb = "indekspoeng", en = "index points" }
decimals = 0
better = "higher"
inputs = ["centrality_index", "population_persons"]
valid = { min = 0, max = 1000 }
national = "approximate"
---*/
SELECT
    centrality.municipality_code,
    centrality.period,
    centrality.value,
    centrality.status,
    population.value AS weight
FROM centrality_index AS centrality
LEFT JOIN population_persons AS population
    ON population.municipality_code = centrality.municipality_code
    AND population.year = centrality.year

/*---
id = "population_persons"
title = { nb = "Folketall", en = "Population" }
description = { nb = "Innbyggere 1. januar, i dagens kommunegrenser.", en = "Residents on 1 January, in today’s borders." }
unit = { nb = "personer", en = "persons" }
decimals = 0
better = "none"
inputs = ["population_persons"]
valid = { min = 50, max = 2000000 }
national = "none"
---*/
SELECT municipality_code, period, value, status
FROM population_persons

/*---
id = "building_case_days"
title = { nb = "Saksbehandlingstid for byggesaker", en = "Processing time of building cases" }
description = { nb = "Gjennomsnittlig antall dager for byggesaker med tolv ukers frist. Rapportert av kommunene selv.", en = "Mean number of days for building cases with a twelve-week limit. Reported by the municipalities themselves." }
unit = { nb = "dager", en = "days" }
decimals = 0
better = "lower"
inputs = ["building_case_days"]
valid = { min = 0, max = 1000 }
national = "none"
---*/
SELECT municipality_code, period, value, status
FROM building_case_days

/*---
id = "accumulated_deficit_percent"
title = { nb = "Akkumulert merforbruk", en = "Accumulated deficit" }
description = { nb = "Merforbruk fra tidligere år som ikke er dekket inn, i prosent av brutto driftsinntekter. Over 3 prosent kan føre til ROBEK.", en = "Deficit from earlier years that has not been covered, as a percentage of gross operating revenue. Above 3 per cent may lead to the ROBEK list." }
unit = { nb = "prosent av brutto driftsinntekter", en = "per cent of gross operating revenue" }
decimals = 1
better = "lower"
inputs = ["accumulated_deficit_percent"]
valid = { min = 0, max = 80 }
national = "none"
---*/
SELECT municipality_code, period, value, status
FROM accumulated_deficit_percent

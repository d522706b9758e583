/*---
id = "nurse_affordable_dwellings_percent"
title = { nb = "Sykepleierindeksen", en = "Nurse index" }
description = { nb = "Andel av omsatte boliger en enslig sykepleier kan kjøpe. Publiseres bare for 98 områder og har ingen åpen lisens.", en = "Share of sold dwellings that a single nurse can buy. Published for 98 areas only, and without an open licence." }
unit = { nb = "prosent", en = "per cent" }
decimals = 1
better = "lower"
inputs = ["nurse_affordable_dwellings_percent"]
valid = { min = 0, max = 100 }
national = "none"
---*/
SELECT municipality_code, period, value, status
FROM nurse_affordable_dwellings_percent

/*---
id = "housing_plan_signals_count"
title = { nb = "Signaler i boligplanen", en = "Signals in the housing plan" }
description = { nb = "Hvor mange av fem tegn planen har: avsatte tomter, ikke-kommersielle aktører, tildelingsavtaler, måltall og avsatte penger. Hvert tegn har en sitert side; ikke gjennomsøkt er et hull.", en = "How many of five signs the plan has: land set aside, non-commercial actors, allocation agreements, numeric targets and money set aside. Each sign has a quoted page; not searched is a gap." }
unit = { nb = "av 5", en = "of 5" }
decimals = 0
better = "higher"
inputs = ["housing_plan_signals_count"]
valid = { min = 0, max = 5 }
national = "none"
---*/
SELECT municipality_code, period, value, status
FROM housing_plan_signals_count

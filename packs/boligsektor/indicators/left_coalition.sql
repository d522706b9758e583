/*---
id = "left_coalition"
title = { nb = "Venstrekoalisjon i kommunen", en = "Left coalition in the municipality" }
description = { nb = "1 hvis flertallet bak ordføreren består av partier til venstre for sentrum, ellers 0. Brukes bare av rapportmodellene.", en = "1 if the majority behind the mayor consists of parties left of the centre, otherwise 0. Used only by the report models." }
unit = { nb = "(1 = ja)", en = "(1 = yes)" }
decimals = 0
better = "none"
inputs = ["left_coalition"]
valid = { min = 0, max = 1 }
national = "none"
---*/
SELECT municipality_code, period, value, status
FROM left_coalition

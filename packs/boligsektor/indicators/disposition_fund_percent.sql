/*---
id = "disposition_fund_percent"
title = { nb = "Disposisjonsfond", en = "Disposition fund" }
description = { nb = "Penger kommunestyret fritt kan bruke, i prosent av brutto driftsinntekter. En buffer mot dårlige år.", en = "Money the council may spend freely, as a percentage of gross operating revenue. A buffer against bad years." }
unit = { nb = "prosent av brutto driftsinntekter", en = "per cent of gross operating revenue" }
decimals = 1
better = "higher"
inputs = ["disposition_fund_percent"]
valid = { min = -5, max = 300 }
national = "none"
---*/
SELECT municipality_code, period, value, status
FROM disposition_fund_percent

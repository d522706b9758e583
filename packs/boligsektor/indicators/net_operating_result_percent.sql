/*---
id = "net_operating_result_percent"
title = { nb = "Netto driftsresultat", en = "Net operating result" }
description = { nb = "Det som er igjen av driftsinntektene når drift, renter og avdrag er betalt, i prosent av inntektene. Ett enkelt år svinger mye; foreløpig bare Vestland.", en = "What is left of operating revenue after operation, interest and instalments, as a share of revenue. A single year swings a lot; only Vestland so far." }
unit = { nb = "prosent av brutto driftsinntekter", en = "per cent of gross operating revenue" }
decimals = 1
better = "higher"
inputs = ["net_operating_result_percent"]
valid = { min = -60, max = 80 }
national = "none"
---*/
SELECT municipality_code, period, value, status
FROM net_operating_result_percent

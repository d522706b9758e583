/*---
id = "household_income_after_tax_median_nok"
title = { nb = "Medianinntekt etter skatt, husholdninger", en = "Median household income after tax" }
description = { nb = "Inntekt etter skatt for den midterste husholdningen, ikke justert for husholdningens størrelse. Mange små husholdninger trekker tallet ned.", en = "Income after tax of the middle household, not adjusted for household size. Many small households pull it down." }
unit = { nb = "kroner", en = "NOK" }
decimals = 0
better = "lower"
inputs = ["household_income_after_tax_median_nok"]
valid = { min = 200000, max = 2000000 }
national = "none"
---*/
-- A median of medians is not a median: there is no national value here.
SELECT municipality_code, period, value, status
FROM household_income_after_tax_median_nok

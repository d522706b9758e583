/*---
id = "mayor_tenure_months"
title = { nb = "Tid siden siste ordførerskifte", en = "Time since the last change of mayor" }
description = { nb = "Hele måneder siden kommunen sist skiftet ordfører. Et ferskt skifte kan bety ny kurs.", en = "Whole months since the municipality last changed mayor. A recent change may mean a new course." }
unit = { nb = "måneder", en = "months" }
decimals = 0
better = "none"
inputs = ["mayor_tenure_months"]
valid = { min = 0, max = 600 }
national = "none"
---*/
SELECT municipality_code, period, value, status
FROM mayor_tenure_months

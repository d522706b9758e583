//! Words of PX and the words that PxWeb's JSON-stat has for them.

/// Texts on the table, in the order of PxWeb's `extension.px`.
pub(super) const TEXTS: [(&str, &str); 11] = [
    ("INFOFILE", "infofile"),
    ("TABLEID", "tableid"),
    ("CONTENTS", "contents"),
    ("DESCRIPTION", "description"),
    ("MATRIX", "matrix"),
    ("SUBJECT-CODE", "subject-code"),
    ("SUBJECT-AREA", "subject-area"),
    ("NEXT-UPDATE", "nextUpdate"),
    ("SURVEY", "survey"),
    ("LINK", "link"),
    ("UPDATE-FREQUENCY", "updateFrequency"),
];

/// Yes or no on the table.
pub(super) const SWITCHES: [(&str, &str); 4] = [
    ("OFFICIAL-STATISTICS", "official-statistics"),
    ("AGGREGALLOWED", "aggregallowed"),
    ("COPYRIGHT", "copyright"),
    ("DESCRIPTIONDEFAULT", "descriptiondefault"),
];

/// `STOCKFA` and `measuringType`.
pub(super) const MEASURING: [(&str, &str); 3] = [("S", "Stock"), ("F", "Flow"), ("A", "Average")];

/// `CFPRICES` and `priceType`.
pub(super) const PRICES: [(&str, &str); 2] = [("C", "Current"), ("F", "Fixed")];

/// `DAYADJ`, `SEASADJ` and `adjustment`.
pub(super) const ADJUSTMENT: [(&str, &str, &str); 4] = [
    ("NO", "NO", "None"),
    ("YES", "NO", "WorkOnly"),
    ("NO", "YES", "SesOnly"),
    ("YES", "YES", "WorkAndSes"),
];

/// `PRESTEXT` and `show`.
pub(super) const SHOW: [(&str, &str); 4] =
    [("0", "code"), ("1", "value"), ("2", "code_value"), ("3", "value_code")];

/// `DATASYMBOL…` in the order of their dots; nil first.
pub(super) const SYMBOLS: [&str; 8] = [
    "DATASYMBOLNIL",
    "DATASYMBOL1",
    "DATASYMBOL2",
    "DATASYMBOL3",
    "DATASYMBOL4",
    "DATASYMBOL5",
    "DATASYMBOL6",
    "DATASYMBOLSUM",
];

/// The order in which Statistics Norway's server writes lines.
pub(super) const ORDER: [&str; 58] = [
    "CHARSET",
    "AXIS-VERSION",
    "CODEPAGE",
    "LANGUAGE",
    "LANGUAGES",
    "CREATION-DATE",
    "NEXT-UPDATE",
    "UPDATE-FREQUENCY",
    "PX-SERVER",
    "DECIMALS",
    "SHOWDECIMALS",
    "MATRIX",
    "AGGREGALLOWED",
    "AUTOPEN",
    "COPYRIGHT",
    "OFFICIAL-STATISTICS",
    "CONFIDENTIAL",
    "SUBJECT-CODE",
    "SUBJECT-AREA",
    "DESCRIPTION",
    "DESCRIPTIONDEFAULT",
    "TITLE",
    "CONTENTS",
    "STUB",
    "HEADING",
    "CONTVARIABLE",
    "VARIABLECODE",
    "VALUES",
    "TIMEVAL",
    "CODES",
    "DOUBLECOLUMN",
    "PRESTEXT",
    "DOMAIN",
    "MAP",
    "HIERARCHIES",
    "HIERARCHYLEVELS",
    "HIERARCHYLEVELSOPEN",
    "HIERARCHYNAMES",
    "ELIMINATION",
    "PRECISION",
    "LAST-UPDATED",
    "STOCKFA",
    "DAYADJ",
    "SEASADJ",
    "BASEPERIOD",
    "CFPRICES",
    "REFPERIOD",
    "UNITS",
    "CONTACT",
    "DATABASE",
    "SOURCE",
    "SURVEY",
    "LINK",
    "INFOFILE",
    "INFO",
    "FIRST-PUBLISHED",
    "NOTEX",
    "NOTE",
];

/// Lines after those that no list names.
pub(super) const LAST: [&str; 17] = [
    "VALUENOTEX",
    "VALUENOTE",
    "CELLNOTEX",
    "CELLNOTE",
    "META-ID",
    "DATASYMBOL1",
    "DATASYMBOL2",
    "DATASYMBOL3",
    "DATASYMBOL4",
    "DATASYMBOL5",
    "DATASYMBOL6",
    "DATASYMBOLSUM",
    "DATASYMBOLNIL",
    "DATANOTECELL",
    "DATANOTESUM",
    "TABLEID",
    "VARIABLE-TYPE",
];

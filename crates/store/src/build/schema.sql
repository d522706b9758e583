-- The layout of a snapshot, format 2. GeoPackage 1.4 asks for the three gpkg_ tables.
CREATE TABLE snapshot_property (
    key TEXT NOT NULL PRIMARY KEY,
    value NOT NULL
) WITHOUT ROWID;

CREATE TABLE gpkg_spatial_ref_sys (
    srs_name TEXT NOT NULL,
    srs_id INTEGER PRIMARY KEY,
    organization TEXT NOT NULL,
    organization_coordsys_id INTEGER NOT NULL,
    definition TEXT NOT NULL,
    description TEXT
);

-- The standard's default for last_change reads the clock; here every row is given one.
CREATE TABLE gpkg_contents (
    table_name TEXT NOT NULL PRIMARY KEY,
    data_type TEXT NOT NULL,
    identifier TEXT UNIQUE,
    description TEXT DEFAULT '',
    last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    min_x DOUBLE,
    min_y DOUBLE,
    max_x DOUBLE,
    max_y DOUBLE,
    srs_id INTEGER,
    CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id)
);

CREATE TABLE gpkg_geometry_columns (
    table_name TEXT NOT NULL,
    column_name TEXT NOT NULL,
    geometry_type_name TEXT NOT NULL,
    srs_id INTEGER NOT NULL,
    z TINYINT NOT NULL,
    m TINYINT NOT NULL,
    CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
    CONSTRAINT uk_gc_table_name UNIQUE (table_name),
    CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
    CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id)
);

CREATE TABLE municipality (
    fid INTEGER NOT NULL PRIMARY KEY,
    geom POINT NOT NULL,
    municipality_code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    display_name TEXT NOT NULL,
    alternative_names TEXT NOT NULL,
    county_code TEXT NOT NULL,
    county_name TEXT NOT NULL,
    longitude REAL NOT NULL,
    latitude REAL NOT NULL,
    total_area_km2 REAL NOT NULL,
    centrality_class INTEGER NOT NULL,
    centrality_index INTEGER NOT NULL,
    hexagon_column INTEGER NOT NULL,
    hexagon_row INTEGER NOT NULL
);

CREATE TABLE source (
    source_id INTEGER NOT NULL PRIMARY KEY,
    source TEXT NOT NULL UNIQUE,
    publisher TEXT NOT NULL,
    title TEXT NOT NULL,
    licence TEXT NOT NULL,
    reference_date TEXT NOT NULL,
    retrieved_via TEXT NOT NULL
);

CREATE TABLE measure (
    measure_id INTEGER NOT NULL PRIMARY KEY,
    measure TEXT NOT NULL UNIQUE,
    title_nb TEXT NOT NULL,
    title_en TEXT NOT NULL,
    unit TEXT NOT NULL,
    definition TEXT NOT NULL,
    publisher TEXT NOT NULL,
    table_or_page TEXT NOT NULL,
    licence TEXT NOT NULL,
    reference_period TEXT NOT NULL,
    latest_period TEXT NOT NULL,
    coverage_latest INTEGER NOT NULL,
    direction_hint TEXT NOT NULL,
    caveat TEXT,
    source TEXT NOT NULL REFERENCES source(source),
    checksum TEXT NOT NULL
);

-- Clustered by what queries ask for: one measure, a municipality, a year. So a join of a
-- measure with itself five years earlier is one look-up a row and not a scan (measured:
-- 0.1 s for all indicators against 30 s when the period stood before the municipality).
-- `year` is the first four digits of `period`.
-- A gap has a status and no value; nothing else can be stored.
CREATE TABLE figure (
    measure_id INTEGER NOT NULL REFERENCES measure(measure_id),
    municipality_code TEXT NOT NULL,
    year INTEGER NOT NULL,
    period TEXT NOT NULL,
    value REAL,
    status TEXT NOT NULL,
    source_id INTEGER NOT NULL REFERENCES source(source_id),
    PRIMARY KEY (measure_id, municipality_code, year, period),
    CHECK (
        (value IS NULL AND status IN ('suppressed', 'not_applicable', 'not_published', 'not_collected'))
        OR (value IS NOT NULL AND status IN ('ok', 'preliminary', 'estimated', 'break'))
    )
) WITHOUT ROWID;

CREATE TABLE region_change (
    fid INTEGER NOT NULL PRIMARY KEY,
    old_code TEXT NOT NULL,
    old_name TEXT NOT NULL,
    new_code TEXT NOT NULL,
    new_name TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    kind TEXT NOT NULL,
    weight REAL,
    weight_basis TEXT,
    note TEXT
);

-- Which share of which old region went where, for a run of years in which it was the same.
CREATE TABLE region_part (
    to_year INTEGER NOT NULL,
    from_code TEXT NOT NULL,
    first_year INTEGER NOT NULL,
    share_from REAL NOT NULL,
    share_to REAL NOT NULL,
    last_year INTEGER NOT NULL,
    to_code TEXT NOT NULL,
    kind TEXT NOT NULL,
    basis TEXT,
    PRIMARY KEY (to_year, from_code, first_year, share_from, share_to),
    CHECK (0 <= share_from AND share_from < share_to AND share_to <= 1 AND first_year <= last_year)
) WITHOUT ROWID;

-- The years whose maps are known.
CREATE TABLE region_year (
    year INTEGER NOT NULL PRIMARY KEY
);

-- A count v of `from_code` gives its `to_code` round(v * share_to) - round(v * share_from)
-- when v is whole, else v * share_to - v * share_from; so totals are kept to the last person.
CREATE VIEW region_conversion AS
SELECT year AS from_year, from_code, to_year, to_code, share_from, share_to, kind, basis
FROM region_part JOIN region_year ON year BETWEEN first_year AND last_year;

-- Figures as their publisher has them, under the codes of their year, where figures on today's
-- map were made of them.
CREATE TABLE published (
    measure_id INTEGER NOT NULL REFERENCES measure(measure_id),
    region_code TEXT NOT NULL,
    year INTEGER NOT NULL,
    period TEXT NOT NULL,
    value REAL,
    status TEXT NOT NULL,
    source_id INTEGER NOT NULL REFERENCES source(source_id),
    PRIMARY KEY (measure_id, region_code, year, period),
    CHECK (
        (value IS NULL AND status IN ('suppressed', 'not_applicable', 'not_published', 'not_collected'))
        OR (value IS NOT NULL AND status IN ('ok', 'preliminary', 'estimated', 'break'))
    )
) WITHOUT ROWID;

CREATE VIEW figure_as_published AS
SELECT measure, region_code, year, period, value, status, source.source AS source
FROM published JOIN measure USING (measure_id) JOIN source USING (source_id);

-- Which share of a figure came through a split; a figure without a row was not modelled here.
CREATE TABLE modelled (
    measure_id INTEGER NOT NULL REFERENCES measure(measure_id),
    municipality_code TEXT NOT NULL,
    year INTEGER NOT NULL,
    period TEXT NOT NULL,
    modelled_share REAL NOT NULL CHECK (modelled_share BETWEEN 0 AND 1),
    PRIMARY KEY (measure_id, municipality_code, year, period)
) WITHOUT ROWID;

CREATE VIEW figure_modelled AS
SELECT measure, municipality_code, year, period, modelled_share
FROM modelled JOIN measure USING (measure_id);

CREATE TABLE grunnkrets (
    fid INTEGER NOT NULL PRIMARY KEY,
    grunnkrets_code TEXT NOT NULL,
    name TEXT NOT NULL,
    delomrade_code TEXT NOT NULL,
    municipality_code TEXT NOT NULL,
    kind TEXT NOT NULL
);

// A JSON-stat file as jsonstat-toolkit reads it: one row per cell, as JSON.
// Usage: node jsonstat.mjs MODULES < FILE, where MODULES holds node_modules/jsonstat-toolkit.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

const require = createRequire(resolve(process.argv[2], "any.js"));
const JSONstat = require("jsonstat-toolkit");

const read = JSONstat(JSON.parse(readFileSync(0, "utf8")));
const dataset = read.class === "dataset" ? read : read.Dataset(0);
const dimensions = dataset.id.map((id) => dataset.Dimension(id));
const strides = dataset.size.map((_, at) => dataset.size.slice(at + 1).reduce((a, b) => a * b, 1));

const rows = Array.from({ length: dataset.n }, (_, cell) => {
  const codes = dimensions.map((one, at) => one.id[Math.floor(cell / strides[at]) % one.length]);
  const labels = dimensions.map((one, at) => one.Category(codes[at]).label);
  const { value, status } = dataset.Data(cell);
  return { codes, labels, value: value ?? null, status: status ?? null };
});
process.stdout.write(JSON.stringify({ id: dataset.id, rows }));

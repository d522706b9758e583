// A server whose snapshot has boundaries: `node boundaries-server.mjs PORT made|FILE`.
//
// The embedded snapshot travels without boundaries. The made ones are the hexagon map itself,
// laid over Norway as polygons that share their borders, so they are there in every clone.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const [port, source] = process.argv.slice(2);
const grunnlag = process.env.GRUNNLAG_BIN;
const xtask = process.env.GRUNNLAG_XTASK ?? join(dirname(grunnlag), "xtask");
const folder = mkdtempSync(join(tmpdir(), "grunnlag-boundaries-"));
const serve = (data) => spawn(grunnlag, ["serve", "--listen", `127.0.0.1:${port}`, "--no-open", "--data", data], { stdio: "inherit" });

/** The municipalities of the embedded snapshot, asked of a server that is stopped again. */
async function municipalities() {
  const server = serve(folder);
  let isGone = false;
  const gone = new Promise((done) => server.once("exit", done)).then(() => (isGone = true));
  try {
    for (let attempt = 0; attempt < 200 && !isGone; attempt += 1) {
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/municipalities`).catch(() => null);
      if (answer?.ok) return (await answer.json()).municipalities;
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error("the server does not answer");
  } finally {
    server.kill();
    await gone;
  }
}

/** Utsira, Kvitsøy, Fedje and Træna: at sea here, too, and hardly larger than they are. */
const ISLANDS = new Set(["1151", "1144", "4633", "1835"]);

/** One hexagon; its corners are whole steps of a grid, so that neighbours share them exactly. */
function polygon({ municipality_code: code, name, hexagon_column: column, hexagon_row: row }) {
  const [x, y] = [2 * column + (row % 2), 3 * row];
  const size = ISLANDS.has(code) ? 0.1 : 1;
  const corners = [[0, -2], [-1, -1], [-1, 1], [0, 2], [1, 1], [1, -1], [0, -2]];
  const ring = corners.map(([dx, dy]) => [5 + (x + size * dx) * 0.25, 71 - (y + size * dy) * 0.11]);
  return { type: "Feature", properties: { code, name }, geometry: { type: "Polygon", coordinates: [ring] } };
}

/** A file of regions, and whom it is owed to. */
async function boundaries() {
  if (source !== "made") return { file: source, owed: ["Kartverket", "CC BY 4.0", "2024-01-01"] };
  const file = join(folder, "regions.geojson");
  const features = (await municipalities()).map(polygon);
  writeFileSync(file, JSON.stringify({ type: "FeatureCollection", features }));
  return { file, owed: ["Grunnlags prøver", "CC0 1.0", "2026-01-01"] };
}

const { file, owed: [publisher, licence, date] } = await boundaries();
const asked = ["--boundaries", file, "--out", join(folder, "snapshot.gpkg"), "--publisher", publisher, "--licence", licence, "--date", date];
const made = spawnSync(xtask, ["snapshot", ...asked], { stdio: "inherit" });
if (made.status !== 0) throw new Error(`no snapshot with boundaries: ${made.error ?? `status ${made.status}`}`);

const server = serve(folder);
const clear = () => rmSync(folder, { recursive: true, force: true });
server.once("exit", (code) => {
  clear();
  process.exit(code ?? 0);
});
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => server.kill());

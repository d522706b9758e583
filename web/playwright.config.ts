// The page in a real browser, against the binary named by GRUNNLAG_BIN, or against whatever
// answers at GRUNNLAG_URL (hexagons) and GRUNNLAG_BOUNDARIES_URL (a snapshot with boundaries).

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type PlaywrightTestConfig } from "@playwright/test";

const port = Number(process.env["GRUNNLAG_PORT"] ?? 8097);
const binary = process.env["GRUNNLAG_BIN"];
const given = process.env["GRUNNLAG_URL"];
const givenBoundaries = process.env["GRUNNLAG_BOUNDARIES_URL"];
const isGiven = given !== undefined || givenBoundaries !== undefined;
if (!isGiven && binary === undefined) throw new Error("set GRUNNLAG_BIN to the built binary, or GRUNNLAG_URL to a running one");

/** The country's own boundaries, where they are. */
const country = fileURLToPath(new URL("../../shared/real/geo/2024/kommuner-m.geojson", import.meta.url));
const hasCountry = existsSync(country);
const isWorker = process.env["TEST_WORKER_INDEX"] !== undefined;
if (!isGiven && !hasCountry && !isWorker) console.log("skipped: ../shared is absent, the map is tested with made boundaries alone");

interface World {
  name: string;
  url: string;
  /** What starts it; `null` when it is running. */
  command: string | null;
  /** Which tests are of it. */
  tests: Partial<NonNullable<PlaywrightTestConfig["projects"]>[number]>;
}

const made = (offset: number) => `http://127.0.0.1:${port + offset}`;
const withBoundaries = (offset: number, source: string) => `node tests/boundaries-server.mjs ${port + offset} "${source}"`;
const HEXAGONS = { testIgnore: /boundaries\.spec/ };
const BOUNDARIES = { testMatch: /boundaries\.spec/ };
/** With the country's own shapes only what depends on shapes, and the figures. */
const COUNTRY = { testMatch: /(boundaries|bench)\.spec/, grep: /@country|@bench/ };

const worlds: World[] = isGiven
  ? [
      ...(given === undefined ? [] : [{ name: "hexagons", url: given, command: null, tests: HEXAGONS }]),
      ...(givenBoundaries === undefined
        ? []
        : [{ name: "boundaries", url: givenBoundaries, command: null, tests: { testMatch: /(boundaries|bench)\.spec/ } }]),
    ]
  : [
      { name: "hexagons", url: made(0), command: `"${binary}" serve --listen 127.0.0.1:${port} --no-open`, tests: HEXAGONS },
      { name: "made-boundaries", url: made(1), command: withBoundaries(1, "made"), tests: BOUNDARIES },
      ...(hasCountry
        ? [{ name: "boundaries", url: made(2), command: withBoundaries(2, country), tests: COUNTRY }]
        : []),
    ];

export default defineConfig({
  testDir: "tests",
  // axe reads every hexagon; on a busy machine that takes its time.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  workers: 1,
  reporter: "list",
  use: {
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: worlds.map(({ name, url, tests }) => ({ name, ...tests, use: { baseURL: url } })),
  webServer: worlds.flatMap(({ name, url, command }) =>
    // A snapshot with boundaries is made before it is served.
    command === null ? [] : [{ name, command, url: `${url}/healthz`, stdout: "pipe" as const, timeout: 300_000 }],
  ),
});

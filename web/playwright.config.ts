// The page in a real browser, against the binary named by GRUNNLAG_BIN, or
// against whatever answers at GRUNNLAG_URL.

import { defineConfig } from "@playwright/test";

const port = Number(process.env["GRUNNLAG_PORT"] ?? 8097);
const given = process.env["GRUNNLAG_URL"];
const binary = process.env["GRUNNLAG_BIN"];
if (given === undefined && binary === undefined) throw new Error("set GRUNNLAG_BIN to the built binary, or GRUNNLAG_URL to a running one");
const command = `"${binary}" serve --listen 127.0.0.1:${port} --no-open`;

export default defineConfig({
  testDir: "tests",
  // axe reads every hexagon; on a busy machine that takes its time.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  workers: 1,
  reporter: "list",
  use: {
    baseURL: given ?? `http://127.0.0.1:${port}`,
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
  ...(given === undefined && {
    webServer: { command, url: `http://127.0.0.1:${port}/healthz`, stdout: "pipe" as const },
  }),
});

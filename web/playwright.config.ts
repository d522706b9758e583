// The page in a real browser, against whatever GRUNNLAG_URL answers, or the
// built binary named by GRUNNLAG_BIN, or else the mock with invented figures.

import { defineConfig } from "@playwright/test";

const port = Number(process.env["GRUNNLAG_PORT"] ?? 8097);
const given = process.env["GRUNNLAG_URL"];
const binary = process.env["GRUNNLAG_BIN"];
const command = binary
  ? `"${binary}" serve --listen 127.0.0.1:${port} --no-open`
  : "node dev/mock-server.mjs";

export default defineConfig({
  testDir: "tests",
  timeout: 60_000,
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
    webServer: { command, url: `http://127.0.0.1:${port}/healthz`, env: { PORT: String(port) }, stdout: "pipe" as const },
  }),
});

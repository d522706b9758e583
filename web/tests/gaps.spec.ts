// Gaps the embedded figures may not contain: the answer is the server's own, with three values withheld.

import type { ExplainResponse } from "../src/api/types";
import { codeOfRow, expect, open, panel, test, URLS } from "./page";

const GAPS = [
  { look: "missing", status: "not_published", text: "Ikke publisert" },
  { look: "suppressed", status: "suppressed", text: "Skjult av utgiver" },
  { look: "not_applicable", status: "not_applicable", text: "Ikke aktuelt" },
] as const;

test("missing, suppressed and not applicable look different and none is a number", async ({ page }) => {
  await page.route("**/api/v1/municipalities/*", async (route) => {
    const response = await route.fetch();
    const answer = (await response.json()) as ExplainResponse;
    GAPS.forEach(({ status, text }, index) => {
      const indicator = answer.indicators[index];
      if (indicator === undefined) return;
      Object.assign(indicator, {
        raw_value: null,
        normalised_value: null,
        contribution: null,
        effective_weight: 0,
        unavailable_reason: null,
        status,
        status_text: text,
      });
    });
    await route.fulfill({ response, json: answer });
  });
  await open(page, URLS.list);
  await open(page, URLS.place(await codeOfRow(page, 0)));
  const drawings = new Set<string>();
  for (const { look, text } of GAPS) {
    const mark = panel(page).locator(`[data-gap="${look}"]`).filter({ hasText: text }).first();
    await expect(mark).toBeVisible();
    expect(await mark.innerText()).not.toMatch(/\d/);
    drawings.add(await mark.locator("svg").innerHTML());
  }
  expect(drawings.size).toBe(GAPS.length);
});

test("a failing server is said in its own words, and can be asked again", async ({ page }) => {
  await page.route("**/api/v1/rank*", (route) =>
    route.fulfill({
      status: 500,
      contentType: "application/problem+json",
      body: JSON.stringify({ type: "about:blank", title: "Internal error", status: 500, detail: "the snapshot is damaged" }),
    }),
  );
  await page.goto("/");
  await expect(page.getByRole("alert")).toContainText("the snapshot is damaged");
  await page.unroute("**/api/v1/rank*");
  await page.getByRole("button", { name: "Prøv igjen" }).click();
  await expect(page.locator("tbody tr[data-code]").first()).toBeVisible();
});

// How sure the ranks are: the intervals in the table, in the municipality's view, and beside a moving slider.

import type { Page } from "@playwright/test";
import type { IntervalsResponse, RankResponse } from "../src/api/types";
import { codeOfRow, doubted, expect, open, panel, row, test, URLS, weigh } from "./page";

const spanOf = (page: Page, code: string) => row(page, code).locator("td.interval .words span").first();

test("each ranked municipality has the interval and the tier that the server gives it", async ({ page }) => {
  const answered = page.waitForResponse((response) => response.url().includes("/rank/intervals"));
  await open(page, URLS.list);
  const { municipalities, uncertainty } = (await (await answered).json()) as IntervalsResponse;
  await doubted(page);
  expect(uncertainty.draws).toBe(500);
  for (const index of [0, 5, 11]) {
    const code = await codeOfRow(page, index);
    const told = municipalities.find(({ municipality_code }) => municipality_code === code)?.uncertainty;
    if (told === null || told === undefined) throw new Error(`${code} has no interval`);
    await expect(spanOf(page, code)).toHaveText(told.p5 === told.p95 ? `${told.p5}` : `${told.p5}–${told.p95}`);
    await expect(row(page, code).locator("td.interval")).toContainText(told.tier_title ?? "");
    await expect(row(page, code).locator("td.interval svg")).toHaveCount(1);
  }
});

test("the words of the tiers are explained in the notes", async ({ page }) => {
  await open(page, URLS.list);
  await doubted(page);
  await page.locator(".notes summary").click();
  await expect(page.locator(".notes li.key").last()).toContainText("sikker topp: i minst 80");
});

test("the intervals follow the slider, and each comes with its own ranks", async ({ page }) => {
  await open(page, URLS.list);
  await doubted(page);
  const answers: RankResponse[] = [];
  page.on("response", async (response) => {
    if (response.url().includes("weights=B:5,")) answers.push((await response.json()) as RankResponse);
  });
  const before = await page.locator("tbody tr[data-code]").allInnerTexts();
  await weigh(page, "B", 5);
  await expect.poll(() => answers.length).toBeGreaterThan(0);
  const first = answers[0]?.municipalities[0];
  await expect(spanOf(page, first?.municipality_code ?? "")).toContainText(String(first?.uncertainty?.p5));
  expect(await page.locator("tbody tr[data-code]").allInnerTexts()).not.toEqual(before);
  expect(answers.every(({ uncertainty }) => uncertainty !== null)).toBe(true);
});

test("until the draws are run the interval is said to be on its way, and a failure is said", async ({ page }) => {
  let fails = () => {};
  await page.route("**/api/v1/rank/intervals*", async (route) => {
    await new Promise<void>((done) => (fails = done));
    await route.fulfill({ status: 500, contentType: "application/problem+json", body: JSON.stringify({ detail: "no draws today" }) });
  });
  await open(page, URLS.list);
  const cell = page.locator("tbody td.interval").first();
  await expect(cell).toContainText("Beregnes");
  await expect(cell.locator("svg")).toHaveCount(0);
  fails();
  await expect(page.getByRole("status").filter({ hasText: "no draws today" })).toBeVisible();
  await expect(cell).toContainText("Ikke beregnet");
  await expect(page.locator("td.score").first()).toBeVisible();
});

test("who is not ranked has no interval, and no zero for one", async ({ page }) => {
  await open(page, URLS.place("1508"));
  await doubted(page);
  await expect(row(page, "1508")).toBeInViewport();
  await expect(row(page, "1508").locator("td.interval")).toHaveCount(0);
  await expect(panel(page).locator(".interval")).toHaveCount(0);
  await expect(panel(page).locator("ol .line")).toHaveCount(0);
});

for (const [language, words] of [
  ["nb", /^Plass \d+ av \d+; i 90\s% av beregningene mellom plass \d+ og \d+; .+: blant de 60 første i .+%$/],
  ["en", /^Rank \d+ of \d+; between rank \d+ and \d+ in 90% of the draws; .+: among the first 60 in .+%$/],
] as const) {
  test(`a municipality's interval is told in words, ${language}`, async ({ page }) => {
    await open(page, `${URLS.place("1103")}&lang=${language}`);
    await expect(panel(page).locator(".interval p").first()).toHaveText(words);
  });
}

test("the bars of the explanation say what the table below them says", async ({ page }) => {
  await open(page, URLS.place("1103"));
  const lines = panel(page).locator("ol .line");
  await lines.first().waitFor();
  const drawn = await lines.evaluateAll((all) =>
    all.map((line) => [line.querySelector(".name")?.textContent?.trim(), line.querySelector(".value")?.textContent?.trim()]),
  );
  const told = await panel(page).locator("table").first().locator("tbody tr, tfoot tr").evaluateAll((rows) =>
    rows.map((each) => {
      const head = each.querySelector("th");
      for (const aside of head?.querySelectorAll(".quiet") ?? []) aside.remove();
      const value = each.querySelector("td:last-child")?.textContent?.trim() ?? "";
      return [head?.textContent?.trim(), /\d/.test(value) ? value : ""];
    }),
  );
  expect(drawn).toEqual(told);
  expect(drawn.length).toBeGreaterThan(10);
});

test("the bars are walked with the arrow keys, and Enter goes to the figures", async ({ page }) => {
  await open(page, URLS.place("1103"));
  const lines = panel(page).locator("ol a.line");
  await lines.first().focus();
  await page.keyboard.press("ArrowDown");
  await expect(lines.nth(1)).toBeFocused();
  const target = await lines.nth(1).getAttribute("href");
  await page.keyboard.press("Enter");
  await expect(page.locator(`[id="${String(target).slice(1)}"]`)).toBeFocused();
  await expect(page).not.toHaveURL(/#/);
  await lines.nth(1).focus();
  await page.keyboard.press("End");
  await expect(lines.last()).toBeFocused();
  await expect(panel(page).locator('ol a.line[tabindex="0"]')).toHaveCount(1);
});

test("where a method gives no contributions the reason stands in their place", async ({ page }) => {
  await page.route("**/api/v1/municipalities/1103*", async (route) => {
    const response = await route.fetch();
    const answer = (await response.json()) as { dimensions: Record<string, object>; indicators: object[] };
    for (const each of [...Object.values(answer.dimensions), ...answer.indicators]) Object.assign(each, { contribution: null });
    await route.fulfill({ response, json: { ...answer, contribution_method: "Metoden sammenligner kommunene." } });
  });
  await open(page, URLS.place("1103"));
  await expect(panel(page).locator("p.none")).toContainText("Bidrag kan ikke vises. Metoden sammenligner kommunene.");
  await expect(panel(page).locator("ol .line")).toHaveCount(0);
  await expect(panel(page).locator("table").first().locator("thead th")).toHaveCount(3);
});

test("strong and weak sides are told against the country and the county", async ({ page }) => {
  await open(page, URLS.place("1103"));
  const captions = panel(page).locator("section", { has: page.locator("#sides-title") }).locator("caption");
  await expect(captions.first()).toHaveText("Mot landet");
  await expect(captions.filter({ hasText: "Rogaland" })).toHaveCount(1);
});

test("a ranking of nobody has no column for intervals", async ({ page }) => {
  await open(page, "/?model=sosialbolig-v1");
  await expect(page.locator("th.interval")).toHaveCount(0);
  expect(await codeOfRow(page, 0)).toMatch(/^\d{4}$/);
});

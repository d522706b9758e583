// Figures, not verdicts: how long a slider step takes to be seen, and what a first visit weighs.

import type { Browser, Page } from "@playwright/test";
import { COUNTRY_LIMIT_BYTES, doubted, drawn, expect, FIRST_LOAD_LIMIT_BYTES, firstLoad, open, panel, test, URLS } from "./page";

test.beforeAll(({ request }) => drawn(request));

const STEPS = 40;
const VISITS = 20;

function report(figure: Record<string, string | number>): void {
  console.log(`BENCH ${JSON.stringify(figure)}`);
}

/** Milliseconds from each slider input to the frame after the table that answers it; the intervals come with it. */
function slide(page: Page, steps: number): Promise<number[]> {
  return page.evaluate(async (count) => {
    const slider = document.querySelector<HTMLInputElement>(".weights input");
    const table = document.querySelector<HTMLTableElement>("table[data-weights]");
    if (slider === null || table === null) throw new Error("no slider or no table");
    const id = slider.id.replace("weight-", "");
    const answered = (value: number) =>
      new Promise<void>((done) => {
        const wanted = () => (JSON.parse(table.dataset["weights"] ?? "null") as Record<string, number> | null)?.[id] === value;
        const observer = new MutationObserver(() => wanted() && (observer.disconnect(), done()));
        observer.observe(table, { attributes: true });
        if (wanted()) (observer.disconnect(), done());
      });
    // The frame is painted when a task queued inside it runs.
    const painted = () => new Promise<void>((done) => requestAnimationFrame(() => setTimeout(done)));
    const times: number[] = [];
    for (let step = 0; step < count; step += 1) {
      const value = (step * 37) % 100 || 50;
      await painted();
      const start = performance.now();
      slider.value = String(value);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      await answered(value);
      await painted();
      times.push(performance.now() - start);
    }
    return times;
  }, steps);
}

function quantile(times: number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0) * 10) / 10;
}

/** Milliseconds from the start of a first visit to the frame in which the map has its colours. */
async function firstPaint(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(() => {
    const observer = new MutationObserver(() => {
      if (document.querySelector("path[data-code][fill]") === null) return;
      observer.disconnect();
      // The frame is painted when a task queued inside it runs.
      requestAnimationFrame(() => setTimeout(() => Object.assign(window, { painted: performance.now() })));
    });
    observer.observe(document, { childList: true, subtree: true });
  });
  await page.goto(url);
  const painted = await page.waitForFunction(() => (window as unknown as { painted?: number }).painted);
  const time = (await painted.jsonValue()) ?? NaN;
  await context.close();
  return time;
}

test("first paint of the map @bench", async ({ browser, baseURL }, { project }) => {
  const url = `${String(baseURL)}${URLS.list}`;
  // The browser's own first visit also finds its way about.
  for (let round = 0; round < 3; round += 1) await firstPaint(browser, url);
  const times: number[] = [];
  for (let round = 0; round < VISITS; round += 1) times.push(await firstPaint(browser, url));
  report({ bench: "first_paint_ms", map: project.name, visits: VISITS, p50: quantile(times, 0.5), p95: quantile(times, 0.95), limit_p95: 500 });
});

for (const [what, url] of [
  ["list", URLS.list],
  ["list_and_municipality", URLS.place("1103")],
] as const) {
  test(`slider to repaint, ${what} @bench`, async ({ page }, { project }) => {
    await open(page, url);
    if (what !== "list") await panel(page).locator("details").first().waitFor();
    await slide(page, 5);
    const times = await slide(page, STEPS);
    report({ bench: "slider_to_repaint_ms", page: what, map: project.name, steps: STEPS, p50: quantile(times, 0.5), p95: quantile(times, 0.95), limit_p95: 120 });
  });
}

for (const [what, url] of [
  ["list", URLS.list],
  ["list_and_municipality", URLS.place("1103")],
] as const) {
  test(`slider to rank intervals, 500 draws, ${what} @bench`, async ({ page }, { project }) => {
    await open(page, url);
    if (what !== "list") await panel(page).locator("details").first().waitFor();
    await doubted(page);
    await slide(page, 5);
    const times = await slide(page, STEPS);
    await expect(page.locator("table[data-weights]")).toHaveAttribute("data-draws", "500");
    expect(await page.locator("td.interval .pending").count()).toBe(0);
    report({ bench: "slider_to_rank_intervals_ms", page: what, map: project.name, draws: 500, steps: STEPS, p50: quantile(times, 0.5), p95: quantile(times, 0.95), limit_p95: 120 });
  });
}

test("first load in bytes @bench", async ({ page }, { project }) => {
  const loads = await firstLoad(page);
  const total = loads.reduce((sum, { bytes }) => sum + bytes, 0);
  const limit = project.name === "hexagons" ? FIRST_LOAD_LIMIT_BYTES : COUNTRY_LIMIT_BYTES;
  for (const { url, bytes } of loads) report({ bench: "first_load_request_bytes", map: project.name, path: new URL(url).pathname, bytes });
  report({ bench: "first_load_bytes", map: project.name, requests: loads.length, bytes: total, limit });
  expect(total).toBeLessThanOrEqual(limit);
});

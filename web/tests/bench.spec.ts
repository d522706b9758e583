// Figures, not verdicts: how long a slider step takes to be seen, and what a first visit weighs.

import type { Page } from "@playwright/test";
import { expect, FIRST_LOAD_LIMIT_BYTES, firstLoad, open, panel, test, URLS } from "./page";

const STEPS = 40;

function report(figure: Record<string, string | number>): void {
  console.log(`BENCH ${JSON.stringify(figure)}`);
}

/** Milliseconds from each slider input to the frame after the table that answers it. */
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

for (const [what, url] of [
  ["list", URLS.list],
  ["list_and_municipality", URLS.place("1103")],
] as const) {
  test(`slider to repaint, ${what} @bench`, async ({ page }) => {
    await open(page, url);
    if (what !== "list") await panel(page).locator("details").first().waitFor();
    await slide(page, 5);
    const times = await slide(page, STEPS);
    report({ bench: "slider_to_repaint_ms", page: what, steps: STEPS, p50: quantile(times, 0.5), p95: quantile(times, 0.95), limit_p95: 120 });
  });
}

test("first load in bytes @bench", async ({ page }) => {
  const loads = await firstLoad(page);
  const total = loads.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { url, bytes } of loads) report({ bench: "first_load_request_bytes", path: new URL(url).pathname, bytes });
  report({ bench: "first_load_bytes", requests: loads.length, bytes: total, limit: FIRST_LOAD_LIMIT_BYTES });
  expect(total).toBeLessThanOrEqual(FIRST_LOAD_LIMIT_BYTES);
});

import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { codeOfRow, doubted, expect, open, panel, test, URLS } from "./page";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

async function violations(page: Page): Promise<string[]> {
  // Without the 357 hexagons' passes in the answer: they take most of the time.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).withTags(TAGS);
  const { violations: found } = await axe.analyze();
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ""}`));
}

for (const language of ["nb", "en"]) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`axe finds nothing in the list, ${language}, ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await open(page, `${URLS.list}&lang=${language}`);
      await doubted(page);
      expect(await violations(page)).toEqual([]);
    });

    test(`axe finds nothing in a municipality with every fold open, ${language}, ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await open(page, URLS.list);
      await open(page, `${URLS.place(await codeOfRow(page, 0))}&lang=${language}`);
      await panel(page).locator("details").first().waitFor();
      await doubted(page);
      await page.locator("details").evaluateAll((folds) => folds.forEach((fold) => fold.setAttribute("open", "")));
      expect(await violations(page)).toEqual([]);
    });
  }
}

test("axe finds nothing where no municipality is ranked", async ({ page }) => {
  await open(page, "/?model=sosialbolig-v1");
  expect(await violations(page)).toEqual([]);
});

for (const width of [320, 390, 768, 1024, 1280, 1920]) {
  test(`nothing runs over the edge at ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await open(page, URLS.list);
    await open(page, URLS.place(await codeOfRow(page, 0)));
    await panel(page).locator("details").first().waitFor();
    const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
  });
}

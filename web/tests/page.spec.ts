import { askedTwice, codeOfRow, expect, FIRST_LOAD_LIMIT_BYTES, firstLoad, hexagon, open, panel, placesOfMap, row, SCREENS, test, URLS, weigh } from "./page";

test("selecting in the table marks the map and opens the explanation", async ({ page }) => {
  await open(page, URLS.list);
  const code = await codeOfRow(page, 3);
  await row(page, code).locator("a").click();
  await expect(row(page, code)).toHaveClass(/selected/);
  await expect(hexagon(page, code)).toHaveAttribute("aria-selected", "true");
  const name = await row(page, code).locator("a").innerText();
  await expect(panel(page).getByRole("heading", { level: 2 })).toHaveText(name);
});

test("selecting in the map brings the row into view", async ({ page }) => {
  await open(page, URLS.list);
  await expect(row(page, "5601")).toHaveCount(0);
  await hexagon(page, "5601").click();
  await expect(row(page, "5601")).toBeInViewport();
  await expect(row(page, "5601")).toHaveClass(/selected/);
  await expect(panel(page).locator(".where")).toContainText("5601");
});

test("the way from search to a new weight needs no mouse", async ({ page }) => {
  await open(page, URLS.list);
  await page.keyboard.press("/");
  await expect(page.locator("#search")).toBeFocused();
  await page.keyboard.type("stavang");
  await expect(page.locator("tbody tr[data-code]")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(panel(page).getByRole("heading", { level: 2 })).toHaveText("Stavanger");
  await expect(panel(page).locator("table").first()).toBeVisible();

  const receipt = panel(page).locator("details").last();
  await receipt.locator("summary").focus();
  await page.keyboard.press("Enter");
  await expect(receipt).toHaveAttribute("open", "");

  const slider = page.locator(".weights input").first();
  await slider.focus();
  const before = await slider.inputValue();
  await page.keyboard.press("ArrowRight");
  await expect(slider).not.toHaveValue(before);
  await expect(page.locator("table[data-weights]")).not.toHaveAttribute("data-weights", "null");
});

test("arrow keys walk the map from neighbour to neighbour and Enter selects", async ({ page }) => {
  await open(page, URLS.place("0301"));
  await hexagon(page, "0301").focus();
  await page.keyboard.press("ArrowUp");
  const north = page.locator("path[data-code]:focus");
  await expect(north).toHaveCount(1);
  const code = await north.getAttribute("data-code");
  expect(code).not.toBe("0301");
  await page.keyboard.press("Enter");
  await expect(hexagon(page, String(code))).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowDown");
  await expect(hexagon(page, "0301")).toBeFocused();
});

test("every hexagon can be reached with the arrow keys", async ({ page }) => {
  await open(page, URLS.list);
  const unreached = await page.evaluate(() => {
    const paths = [...document.querySelectorAll<SVGPathElement>("path[data-code]")];
    const seen = new Set<string>();
    const waiting = [paths[0]];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      const code = String(path.dataset["code"]);
      if (seen.has(code)) continue;
      seen.add(code);
      for (const key of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]) {
        path.focus();
        path.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        if (document.activeElement instanceof SVGPathElement) waiting.push(document.activeElement);
      }
    }
    return paths.map((path) => path.dataset["code"]).filter((code) => !seen.has(String(code)));
  });
  expect(unreached).toEqual([]);
});

test("arrow keys walk the table past the drawn rows, and focus follows", async ({ page }) => {
  await open(page, URLS.list);
  await page.locator("tbody a").first().focus();
  for (let step = 0; step < 60; step += 1) await page.keyboard.press("ArrowDown");
  await expect(page.locator('tr[data-position="60"] a')).toBeFocused();
  await page.keyboard.press("End");
  await expect(page.locator('tr[data-position="356"] a')).toBeFocused();
  await expect(page.locator('tr[aria-rowindex="358"]')).toBeInViewport();
});

test("a link restores model, weights, municipality, county, search and language", async ({ page }) => {
  await open(page, URLS.list);
  const sliders = await page.locator(".weights input").evaluateAll((all) => all.map(({ id }) => id.replace("weight-", "")));
  const weights = sliders.map((id, index) => `${id}:${10 + index}`).join(",");
  await open(page, `/?lang=en&model=oversikt-v1&w=${weights}&m=1103&county=11&q=stav&v=1`);
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(page.locator("#model")).toHaveValue("oversikt-v1");
  await expect(page.locator(".weights input").nth(1)).toHaveValue("11");
  await expect(page.locator("#county")).toHaveValue("11");
  await expect(page.locator("#search")).toHaveValue("stav");
  await expect(page.locator("tbody tr[data-code]")).toHaveCount(1);
  await expect(panel(page).getByRole("heading", { level: 2 })).toHaveText("Stavanger");
});

test("Back undoes a selection and Forward brings it again", async ({ page }) => {
  await open(page, URLS.list);
  const [first, second] = [await codeOfRow(page, 0), await codeOfRow(page, 1)];
  await row(page, first).locator("a").click();
  await row(page, second).locator("a").click();
  await expect(page).toHaveURL(new RegExp(`m=${second}`));
  await page.goBack();
  await expect(row(page, first)).toHaveClass(/selected/);
  await page.goBack();
  await expect(panel(page)).toHaveCount(0);
  await page.goForward();
  await expect(row(page, first)).toHaveClass(/selected/);
});

test("a slider's new order is in the address when it rests", async ({ page }) => {
  await open(page, URLS.list);
  const id = (await page.locator(".weights input").first().getAttribute("id"))?.replace("weight-", "") ?? "";
  await weigh(page, id, 90);
  await expect(page).toHaveURL(new RegExp(`w=${id}:90`));
});

test("the map says the same as the table", async ({ page }) => {
  await open(page, URLS.list);
  const names = await page.locator("path[data-code]").evaluateAll((paths) =>
    Object.fromEntries(paths.map((path) => [path.getAttribute("data-code"), path.getAttribute("aria-label") ?? ""])),
  );
  expect(Object.keys(names)).toHaveLength(357);
  const seen = new Set<string>();
  for (let top = 0; seen.size < 357 && top < 20_000; top += 400) {
    await page.locator("#ranking").evaluate((frame, to) => (frame.scrollTop = to), top);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    const rows = await page.locator("tr[data-code]").evaluateAll((all) =>
      all.map((each) => ({
        code: each.getAttribute("data-code") ?? "",
        rank: each.querySelector("td.rank")?.textContent?.trim() ?? "",
        name: each.querySelector("a")?.textContent ?? "",
        score: each.querySelector("td.score .number")?.textContent ?? null,
      })),
    );
    for (const { code, rank, name, score } of rows) {
      seen.add(code);
      const spoken = names[code] ?? "";
      expect(spoken.startsWith(name)).toBe(true);
      if (score === null) expect(spoken).toContain("ikke rangert");
      else expect(spoken).toMatch(new RegExp(`plass ${rank} av \\d+, poeng ${score}$`));
    }
  }
  expect(seen.size).toBe(357);
});

test("contributions in the explanation add up to the score", async ({ page }) => {
  await open(page, URLS.list);
  const code = await codeOfRow(page, 0);
  await open(page, URLS.place(code));
  const table = panel(page).locator("table").first();
  const number = (text: string) => Number(text.replace("−", "-").replace(",", ".").replace(/[^\d.-]/g, ""));
  const parts = await table.locator("tr.dimension td:last-child").allInnerTexts();
  const total = number(await table.locator("tfoot td").last().innerText());
  const sum = parts.reduce((all, part) => all + number(part), 0);
  expect(Math.abs(sum - total)).toBeLessThan(0.05 * parts.length + 0.051);
});

test("a first visit weighs no more than 200 kB, from one host under a policy that names no other", async ({ page }) => {
  const policy = page.waitForResponse((response) => new URL(response.url()).pathname === "/");
  const loads = await firstLoad(page);
  expect(askedTwice(loads)).toEqual([]);
  expect((await policy).headers()["content-security-policy"]).toMatch(/^default-src 'none'; script-src 'self';/);
  expect(loads.length).toBeGreaterThan(5);
  expect(loads.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(FIRST_LOAD_LIMIT_BYTES);
});

test("where too little is known nobody is ranked, and each says why", async ({ page }) => {
  await open(page, "/?model=sosialbolig-v1");
  await expect(page.getByRole("status").filter({ hasText: "rangerer ingen" })).toBeVisible();
  await expect(page.getByText("0 rangert, 357 ikke rangert")).toBeVisible();
  await expect(page.locator("td.score")).toHaveCount(0);
  for (const reason of await page.locator("td.reason").allInnerTexts()) expect(reason).toMatch(/kravet er \d+/);
  await expect(page.locator('path[data-code][aria-label*="ikke rangert"]')).toHaveCount(357);
  await row(page, "0301").locator("a").click();
  await expect(panel(page).locator(".unranked")).toContainText("kravet er");
  await expect(panel(page).locator('[data-gap="missing"]').first()).toContainText("Ikke hentet ennå");
  await expect(panel(page).locator("tfoot")).toHaveCount(0);
});

test("a municipality whose figures a boundary change took is not ranked, and says why", async ({ page }) => {
  await open(page, URLS.place("1508"));
  await expect(row(page, "1508")).toBeInViewport();
  await expect(row(page, "1508").locator("td.reason")).toContainText("kravet er 65");
  await expect(row(page, "1508").locator("td.score")).toHaveCount(0);
  await expect(hexagon(page, "1508")).toHaveAttribute("aria-label", /ikke rangert/);
  await expect(panel(page).locator(".unranked")).toContainText("kravet er 65");
  const gap = panel(page).locator('[data-gap="missing"]').first();
  await expect(gap).toHaveText(/ikke publisert/i);
  // What is known of it still stands, beside what is not.
  await expect(panel(page).locator("td .value").first()).toHaveText(/\d/);
});

test("a municipality prints alone, with its flags and notes unfolded", async ({ page }) => {
  await open(page, URLS.list);
  await open(page, URLS.place(await codeOfRow(page, 0)));
  await panel(page).locator("details").first().waitFor();
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await expect(page.locator(".frame").first()).toBeHidden();
  await expect(page.locator("details:not([open], .small)")).toHaveCount(0);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await expect(page.locator("details[open]")).toHaveCount(0);
});

for (const screen of SCREENS) {
  test(`the map is painted first, and what comes after it does not move it, ${screen.width} px`, async ({ page }) => {
    await page.setViewportSize(screen);
    const { first, last } = await placesOfMap(page, URLS.list);
    expect(last).toEqual(first);
  });
}

test("a tap on a row beside its link selects the municipality", async ({ browser, baseURL }) => {
  const context = await browser.newContext({ hasTouch: true, isMobile: true, viewport: { width: 820, height: 1180 }, baseURL: String(baseURL) });
  const page = await context.newPage();
  await open(page, URLS.list);
  const third = page.locator("tr[data-code]").nth(2);
  const code = await third.getAttribute("data-code");
  await third.locator("td.score, td.flags").first().tap();
  await expect(page).toHaveURL(new RegExp(`m=${code}`));
  await context.close();
});

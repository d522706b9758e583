// The map where the snapshot has boundaries: made ones, and (what is marked @country) the
// country's own where ../shared is there.

import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { readTopology } from "../src/map/topology";
import { askedTwice, COUNTRY_LIMIT_BYTES, drawn, expect, firstLoad, hexagon as region, open, panel, placesOfMap, row, SCREENS, test, URLS, weigh } from "./page";

const UTSIRA = "1151";
const TOPOLOGY = "**/api/v1/layers/municipalities/topology*";
/** A page with a search comes without its map and asks for the topology. */
const WITHOUT_MAP = `${URLS.list}&q=`;

test.beforeAll(({ request }) => drawn(request));

const map = (page: Page) => page.getByRole("listbox");
const focused = (page: Page) => page.locator("path[data-code]:focus");
const isDrawn = (page: Page) => expect(page.getByRole("button", { name: "Kart", exact: true })).toHaveAttribute("aria-pressed", "true");
/** Hexagons are one shape in many places; regions are many shapes. */
const hexagons = (page: Page) => page.locator("path[data-code][transform]");

async function viewOf(page: Page): Promise<{ left: number; top: number; width: number }> {
  const [left = 0, top = 0, width = 0] = ((await map(page).getAttribute("viewBox")) ?? "").split(" ").map(Number);
  return { left, top, width };
}

/** The arrow keys that lead from one municipality to every other, found by pressing them all. */
function walks(page: Page, start: string): Promise<Record<string, string[]>> {
  return page.evaluate((first) => {
    const at = (code: string) => document.querySelector<SVGPathElement>(`path[data-code="${code}"]`);
    const found: Record<string, string[]> = { [first]: [] };
    const waiting = [first];
    for (let code = waiting.shift(); code !== undefined; code = waiting.shift()) {
      for (const key of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]) {
        at(code)?.focus();
        at(code)?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        const next = document.activeElement instanceof SVGPathElement ? document.activeElement.dataset["code"] : undefined;
        if (next === undefined || next in found) continue;
        found[next] = [...(found[code] ?? []), key];
        waiting.push(next);
      }
    }
    return found;
  }, start);
}

test("the country is drawn with its boundaries, and every municipality has a name @country", async ({ page }) => {
  await open(page, URLS.list);
  await isDrawn(page);
  const options = await page.locator("path[data-code]").evaluateAll((paths) =>
    paths.map((path) => ({
      code: path.getAttribute("data-code"),
      role: path.getAttribute("role"),
      name: path.getAttribute("aria-label") ?? "",
      d: path.getAttribute("d") ?? "",
      fill: path.getAttribute("fill") ?? "",
    })),
  );
  expect(new Set(options.map(({ code }) => code)).size).toBe(357);
  for (const { role, name, d, fill } of options) {
    expect(role).toBe("option");
    expect(name).toMatch(/, plass \d+ av \d+, poeng|, ikke rangert: ./);
    expect(d).toMatch(/^M-?\d+ -?\d+l.*z$/);
    expect(fill).toMatch(name.includes("ikke rangert") ? /^url\(#hatch\)$/ : /^var\(--step-[0-5]\)$/);
  }
  await expect(page.getByText(/^Grenser: .+, .+, .*\d{4}$/)).toBeVisible();
});

test("every municipality can be reached with the arrow keys @country", async ({ page }) => {
  await open(page, URLS.list);
  expect(Object.keys(await walks(page, "0301"))).toHaveLength(357);
});

test("by keys alone: walk to an island, look closer, move the view, select it, go back to the country @country", async ({ page }) => {
  await open(page, URLS.place("0301"));
  const keys = (await walks(page, "0301"))[UTSIRA] ?? [];
  await region(page, "0301").focus();
  for (const key of keys) await page.keyboard.press(key);
  await expect(focused(page)).toHaveAttribute("data-code", UTSIRA);

  // A pixel or two of land is marked with a ring that can be seen.
  const marker = await page.locator("path.focused").evaluate((path) => path.getBoundingClientRect().width);
  expect(marker).toBeGreaterThanOrEqual(20);

  const whole = await viewOf(page);
  const finer = page.waitForResponse((response) => response.url().endsWith("topology?detail=2"));
  for (let step = 0; step < 6; step += 1) await page.keyboard.press("+");
  await finer;
  await expect(focused(page)).toHaveAttribute("data-code", UTSIRA);
  await expect(focused(page)).toBeInViewport();
  const near = await viewOf(page);
  expect(near.width).toBeLessThan(whole.width / 10);
  await page.keyboard.press("Shift+ArrowRight");
  expect((await viewOf(page)).left).toBeGreaterThan(near.left);
  await expect(focused(page)).toHaveAttribute("data-code", UTSIRA);

  await page.keyboard.press("Enter");
  await expect(panel(page).getByRole("heading", { level: 2 })).toHaveText("Utsira");
  await expect(region(page, UTSIRA)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("-");
  expect((await viewOf(page)).width).toBeGreaterThan(near.width);
  await page.keyboard.press("0");
  expect(await viewOf(page)).toEqual(whole);
  await expect(focused(page)).toHaveAttribute("data-code", UTSIRA);
});

test("the focus is followed when the map is enlarged", async ({ page }) => {
  await open(page, URLS.place("0301"));
  await region(page, "0301").focus();
  for (let step = 0; step < 5; step += 1) await page.keyboard.press("+");
  for (const key of ["ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowUp", "ArrowUp"]) {
    await page.keyboard.press(key);
    await expect(focused(page)).toBeInViewport();
  }
});

test("buttons do what the keys do, and are large enough", async ({ page }) => {
  await open(page, URLS.list);
  const whole = await viewOf(page);
  for (const name of ["Større", "Mindre", "Hele landet", "Vis tastene", "Kart", "Sekskanter"]) {
    const box = await page.getByRole("button", { name, exact: true }).boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(24);
  }
  await page.getByRole("button", { name: "Større" }).click();
  await page.getByRole("button", { name: "Større" }).click();
  expect((await viewOf(page)).width).toBeCloseTo(whole.width / 4, 0);
  await page.getByRole("button", { name: "Mindre" }).click();
  expect((await viewOf(page)).width).toBeCloseTo(whole.width / 2, 0);
  await page.getByRole("button", { name: "Hele landet" }).click();
  expect(await viewOf(page)).toEqual(whole);
});

test("the wheel enlarges around the pointer, a drag moves and selects nothing @country", async ({ page }) => {
  await open(page, URLS.list);
  const box = (await map(page).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const spot = { x: box.x + box.width * 0.25, y: box.y + box.height * 0.8 };
  await page.mouse.move(spot.x, spot.y);
  const whole = await viewOf(page);
  await page.mouse.wheel(0, -800);
  await expect.poll(async () => (await viewOf(page)).width).toBeLessThan(whole.width / 2);
  const near = await viewOf(page);
  // To the pixel: a pointer's place is told in whole ones.
  const drift = near.left + near.width * 0.25 - (whole.left + whole.width * 0.25);
  expect(Math.abs(drift)).toBeLessThanOrEqual(whole.width / box.width);
  await page.mouse.down();
  await page.mouse.move(spot.x + 60, spot.y + 40, { steps: 4 });
  await page.mouse.up();
  const moved = await viewOf(page);
  expect(moved.left).toBeLessThan(near.left);
  expect(moved.top).toBeLessThan(near.top);
  await expect(panel(page)).toHaveCount(0);
  await page.mouse.click(spot.x + 30, spot.y + 20);
  await expect(panel(page)).toHaveCount(1);
});

test("a slider changes the fill of the shapes and nothing else of them", async ({ page }) => {
  await open(page, URLS.list);
  await page.evaluate(() => {
    const changed = new Set<string>();
    Object.assign(window, { changed });
    const svg = document.querySelector("svg:has(path[data-code])");
    if (svg === null) return;
    new MutationObserver((records) => {
      for (const { type, attributeName } of records) changed.add(attributeName ?? type);
    }).observe(svg, { subtree: true, childList: true, attributes: true });
  });
  const id = (await page.locator(".weights input").first().getAttribute("id"))?.replace("weight-", "") ?? "";
  await weigh(page, id, 90);
  await page.waitForTimeout(500);
  const changed = await page.evaluate(() => [...(window as unknown as { changed: Set<string> }).changed].sort());
  expect(changed).toContain("fill");
  // The names follow when the slider rests, and with them the place that Tab reaches.
  expect(changed.filter((name) => !["fill", "aria-label", "tabindex"].includes(name))).toEqual([]);
});

test("hexagons are a choice that the address remembers", async ({ page }) => {
  await open(page, URLS.list);
  await page.getByRole("button", { name: "Sekskanter" }).focus();
  await page.keyboard.press("Enter");
  await expect(hexagons(page)).toHaveCount(357);
  await expect(page).toHaveURL(/map=hexagons/);
  await page.reload();
  await expect(hexagons(page)).toHaveCount(357);
  await page.getByRole("button", { name: "Kart", exact: true }).click();
  await expect(hexagons(page)).toHaveCount(0);
  await expect(page).not.toHaveURL(/map=/);
  await page.goBack();
  await expect(hexagons(page)).toHaveCount(357);
});

const BROKEN: [string, { status?: number; body: string }][] = [
  ["is not there", { status: 404, body: "{}" }],
  ["is cut off", { body: '{"type":"Topology","arcs":[[[0,0' }],
  ["is something else", { body: '{"type":"FeatureCollection","features":[]}' }],
  ["is of another year", { body: '{"type":"Topology","arcs":[[[0,0],[90,0],[0,90],[0,0]]],"objects":{"regions":{"type":"GeometryCollection","geometries":[{"type":"Polygon","arcs":[[0]],"properties":{"code":"1507","name":"Ålesund"}}]}}}' }],
];
for (const [what, answer] of BROKEN) {
  test(`where the topology ${what}, hexagons are drawn and nothing is said to be wrong`, async ({ page }) => {
    await page.route(TOPOLOGY, (route) => route.fulfill({ contentType: "application/json", ...answer }));
    await open(page, WITHOUT_MAP);
    await expect(hexagons(page)).toHaveCount(357);
    await expect(page.getByRole("alert")).toHaveCount(0);
  });
}

test("who would wait long gets the hexagons, and the map when asking for it", async ({ page }) => {
  let release = () => {};
  const held = new Promise<void>((done) => (release = done));
  await page.route(TOPOLOGY, async (route) => {
    await held;
    await route.continue();
  });
  await open(page, WITHOUT_MAP);
  await expect(hexagons(page)).toHaveCount(357);
  release();
  const choice = page.getByRole("button", { name: "Kart", exact: true });
  await expect(choice).toHaveAttribute("aria-pressed", "false");
  await expect(hexagons(page)).toHaveCount(357);
  await choice.click();
  await expect(hexagons(page)).toHaveCount(0);
  await expect(page.locator("path[data-code]")).toHaveCount(357);
});

test("the map comes with the page, drawn as the page would draw it @country", async ({ request }) => {
  const expected = readTopology(await (await request.get("/api/v1/layers/municipalities/topology?detail=0")).json());
  const html = await (await request.get(URLS.list)).text();
  const shapes = html.matchAll(/<path data-code="(\d{4})" data-name="([^"]*)" data-at="([^"]*)" fill="[^"]*" d="([^"]*)"\/>/g);
  const came = [...shapes].map(([, code, name, at = "", path]) => {
    const [x, y, side, left, top, right, bottom] = at.split(" ").map(Number);
    return { code, name, path, x, y, side, box: { left, top, right, bottom } };
  });
  expect(came).toEqual(expected.regions.map((region) => ({ ...region, side: Math.round(10 * region.side) / 10 })));
  const lines = (path: string) => path.split("M").map((line) => line.trim()).sort();
  expect(lines(/class="county"[^>]* d="([^"]*)"/.exec(html)?.[1] ?? "")).toEqual(lines(expected.counties));
});

test("the map that comes has the colours that the page gives it @country", async ({ page, request }) => {
  const html = await (await request.get(URLS.list)).text();
  const came = new Map([...html.matchAll(/data-code="(\d{4})"[^>]*? fill="([^"]+)"/g)].map(([, code, fill]) => [code, fill]));
  expect(came.size).toBe(357);
  await open(page, URLS.list);
  await expect(page.locator("#first")).toHaveCount(0);
  const shown = await page.locator("path[data-code]").evaluateAll((paths) => paths.map((path) => [path.getAttribute("data-code"), path.getAttribute("fill")]));
  for (const [code, fill] of shown) {
    if (fill !== "url(#hatch)") expect(came.get(String(code)), String(code)).toBe(fill);
  }
});

test("who runs no script sees the map @country", async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: String(baseURL) });
  const page = await context.newPage();
  await page.goto(URLS.list);
  await expect(page.getByRole("img", { name: "Kart over kommunene, farget etter plassen i rangeringen" })).toBeVisible();
  await expect(page.locator("#first path[data-code]")).toHaveCount(357);
  await context.close();
});

test("a page that shows something else comes without a map", async ({ request }) => {
  for (const url of [URLS.place("1103"), `${URLS.list}&county=03`, `${URLS.list}&map=hexagons`, `${URLS.list}&w=B:40`]) {
    expect(await (await request.get(url)).text(), url).not.toContain('id="first"');
  }
});

test("a finer drawing that cannot be read leaves the coarse one", async ({ page }) => {
  await page.route(/topology\?detail=[12]/, (route) => route.fulfill({ json: { type: "Topology" } }));
  await open(page, URLS.place("0301"));
  await region(page, "0301").focus();
  for (let step = 0; step < 6; step += 1) await page.keyboard.press("+");
  await expect(page.locator("path[data-code]")).toHaveCount(357);
  await expect(focused(page)).toHaveAttribute("data-code", "0301");
});

test("? lists the keys, and Escape gives the focus back", async ({ page }) => {
  await open(page, URLS.place("0301"));
  await region(page, "0301").focus();
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Taster" });
  await expect(dialog).toBeVisible();
  await expect(dialog).toContainText("Shift + piltast");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(region(page, "0301")).toBeFocused();
});

for (const language of ["nb", "en"]) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`axe finds nothing in the map, enlarged or not, nor in the list of keys, ${language}, ${colorScheme} @country`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await open(page, `${URLS.place(UTSIRA)}&lang=${language}`);
      await panel(page).locator("details").first().waitFor();
      expect(await violations(page)).toEqual([]);
      await region(page, UTSIRA).focus();
      for (let step = 0; step < 6; step += 1) await page.keyboard.press("+");
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press("?");
      expect(await violations(page)).toEqual([]);
    });
  }
}

async function violations(page: Page): Promise<string[]> {
  const axe = new AxeBuilder({ page })
    .options({ resultTypes: ["violations"] })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]);
  const { violations: found } = await axe.analyze();
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ""}`));
}

// 1280 px at 400 %.
for (const width of [320, 768, 1280]) {
  test(`the map fits at ${width} px, and its buttons cover no text`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await open(page, URLS.place(UTSIRA));
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
    const [legend, buttons] = [await page.locator(".legend").boundingBox(), await page.locator(".zoom").boundingBox()];
    if (legend === null || buttons === null) throw new Error("no legend or no buttons");
    const beside = legend.x + legend.width <= buttons.x || legend.y >= buttons.y + buttons.height || legend.y + legend.height <= buttons.y;
    expect(beside).toBe(true);
  });
}

test("the list prints with the map, without its buttons", async ({ page }) => {
  await open(page, URLS.list);
  await page.emulateMedia({ media: "print" });
  await expect(map(page)).toBeVisible();
  await expect(page.locator(".zoom, .kinds").filter({ visible: true })).toHaveCount(0);
  await expect(row(page, UTSIRA)).toBeVisible();
});

test("the country with its boundaries weighs no more than 300 kB @country", async ({ page }) => {
  const loads = await firstLoad(page);
  expect(askedTwice(loads)).toEqual([]);
  expect(loads.filter(({ url }) => url.includes("/topology")), "the shapes come with the page").toEqual([]);
  expect(loads.filter(({ url }) => url.endsWith("/api/v1/layers"))).toHaveLength(1);
  expect(loads.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(COUNTRY_LIMIT_BYTES);
});

for (const screen of SCREENS) {
  test(`the map is painted first, and what comes after it does not move it, ${screen.width} px`, async ({ page }) => {
    await page.setViewportSize(screen);
    const { first, last } = await placesOfMap(page, URLS.list);
    expect(last).toEqual(first);
  });
}

// What the tests do with the page, in words of the page.

import { expect, test as base, type APIRequestContext, type Locator, type Page } from "@playwright/test";

export const FIRST_LOAD_LIMIT_BYTES = 200 * 1000;
/** With the country's boundaries. */
export const COUNTRY_LIMIT_BYTES = 300 * 1000;

export const URLS = {
  list: "/?model=oversikt-v1",
  place: (code: string) => `/?model=oversikt-v1&m=${code}&v=1`,
};

/** Every test also fails on an error in the console, a CSP report or a request to another host. */
export const test = base.extend<{ silent: undefined }>({
  silent: [
    async ({ page, baseURL }, use) => {
      const complaints: string[] = [];
      page.on("console", (message) => {
        // A 304 or an aborted request is no complaint; Chromium logs failed loads as errors.
        if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
          complaints.push(message.text());
        }
      });
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("request", (request) => {
        if (!request.url().startsWith(String(baseURL)) && !request.url().startsWith("data:")) {
          complaints.push(`request to another host: ${request.url()}`);
        }
      });
      await page.addInitScript(() => {
        addEventListener("securitypolicyviolation", (event) => {
          console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
        });
      });
      await use(undefined);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

export async function open(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator("tbody tr[data-code]").first().waitFor();
  await page.locator("svg [data-code]").first().waitFor();
}

/** Waits until the ranks have their intervals. */
export async function doubted(page: Page): Promise<void> {
  await page.locator("table[data-draws]").waitFor();
}

export const row = (page: Page, code: string): Locator => page.locator(`tr[data-code="${code}"]`);
export const hexagon = (page: Page, code: string): Locator => page.locator(`path[data-code="${code}"]`);
export const panel = (page: Page): Locator => page.locator("section.place");

/** Waits until the server has drawn every level of detail: it does so once, at leisure in a debug build. */
export async function drawn(request: APIRequestContext): Promise<void> {
  for (const detail of [0, 1, 2]) {
    await request.get(`/api/v1/layers/municipalities/topology?detail=${detail}`, { timeout: 120_000 });
  }
}

/** The code in the table's nth drawn row. */
export async function codeOfRow(page: Page, index: number): Promise<string> {
  return (await page.locator("tr[data-code]").nth(index).getAttribute("data-code")) ?? "";
}

/** Bytes over the wire of every request of a first visit. */
export async function firstLoad(page: Page): Promise<{ url: string; bytes: number }[]> {
  const client = await page.context().newCDPSession(page);
  await client.send("Network.enable");
  const urls = new Map<string, string>();
  const loads: { url: string; bytes: number }[] = [];
  client.on("Network.requestWillBeSent", ({ requestId, request }) => urls.set(requestId, request.url));
  client.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    loads.push({ url: urls.get(requestId) ?? "", bytes: encodedDataLength });
  });
  await open(page, "/");
  await page.waitForLoadState("networkidle");
  return loads;
}

/** What is asked for more than once on a first visit: the server then told of another address than the page asks for. */
export function askedTwice(loads: { url: string }[]): string[] {
  return loads.map(({ url }) => url).filter((url, index, urls) => urls.indexOf(url) < index);
}

interface Place {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Where the map is in its first frame, and once the page is whole: the box of one municipality, to half a pixel. */
export async function placesOfMap(page: Page, url: string): Promise<{ first: Place; last: Place }> {
  await page.addInitScript(() => {
    const placeOfMap = () => {
      const shapes = [...document.querySelectorAll('path[data-code="0301"]')].map((shape) => shape.getBoundingClientRect());
      const box = shapes.find(({ width }) => width > 0);
      if (box === undefined) return undefined;
      const halves = (pixels: number) => Math.round(2 * pixels) / 2;
      return { left: halves(box.left), top: halves(box.top), width: halves(box.width), height: halves(box.height) };
    };
    // A frame is asked for when the page's styles are here: without them nothing is in its place.
    const look = () => {
      const first = placeOfMap();
      if (first === undefined) requestAnimationFrame(look);
      else Object.assign(window, { placeOfMap, first });
    };
    requestAnimationFrame(look);
  });
  await open(page, url);
  await page.waitForLoadState("networkidle");
  return page.evaluate(() => {
    const seen = window as unknown as { first: Place; placeOfMap: () => Place };
    return { first: seen.first, last: seen.placeOfMap() };
  });
}

/** A wide page that stands still, one that scrolls, and a telephone. */
export const SCREENS = [
  { width: 1440, height: 900 },
  { width: 1300, height: 700 },
  { width: 1920, height: 1080 },
  { width: 1100, height: 600 },
  { width: 390, height: 844 },
];

/** Moves a slider as a person does and waits for the table computed with that weight. */
export async function weigh(page: Page, id: string, value: number): Promise<void> {
  await page.locator(`#weight-${id}`).evaluate((slider: HTMLInputElement, to) => {
    slider.value = String(to);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }, value);
  await expect(page.locator("table[data-weights]")).toHaveAttribute("data-weights", new RegExp(`"${id}":${value}[,}]`));
}

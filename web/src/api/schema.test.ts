// The types the page is compiled against are those of the stored OpenAPI document.

import { readFileSync } from "node:fs";
import openapi, { astToString, COMMENT_HEADER } from "openapi-typescript";
import { expect, test } from "vitest";

const document = new URL("../../../schemas/openapi.json", import.meta.url);

test("schema.d.ts is what schemas/openapi.json gives; `npm run types` writes it anew", async () => {
  const generated = COMMENT_HEADER + astToString(await openapi(document, { silent: true }));
  const stored = readFileSync(new URL("schema.d.ts", import.meta.url), "utf8");
  // Not `toBe`: two thousand lines of difference say less than this sentence.
  expect(stored === generated, "schema.d.ts is stale: run `npm run types`").toBe(true);
});

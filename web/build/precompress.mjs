// Writes a .br and a .gz next to each compressible file of dist, so that the
// server never compresses a file that does not change.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = fileURLToPath(new URL("../dist", import.meta.url));
// woff2 is brotli inside already; compressing it again gains nothing.
const compressible = new Set([".html", ".js", ".css", ".svg", ".json", ".txt"]);

function brotli(bytes) {
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 22,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
}

let total = 0;
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const path = join(entry.parentPath, entry.name);
  if (path.endsWith(".br") || path.endsWith(".gz")) continue;
  const bytes = readFileSync(path);
  if (!compressible.has(extname(path))) {
    total += bytes.length;
    continue;
  }
  const compressed = brotli(bytes);
  writeFileSync(`${path}.br`, compressed);
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  total += compressed.length;
  console.log(`${entry.name.padEnd(44)} ${bytes.length} -> ${compressed.length} bytes (br)`);
}
console.log(`all files, brotli where it applies: ${total} bytes`);

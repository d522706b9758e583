// web/dist as just built, under the binary's CSP, before the figures of a running `grunnlag serve`:
// no cargo between a change of the page and a look at it. `npm run dev` is quicker still, without the CSP.
//
//   npm run build && API=http://127.0.0.1:8080 PORT=8090 npm run preview

import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, request as ask } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const api = process.env.API ?? "http://127.0.0.1:8080";
const port = Number(process.env.PORT ?? 8090);

const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2" };

function sendFile(response, path) {
  const file = join(dist, normalize(path === "/" ? "/index.html" : path));
  if (!file.startsWith(dist) || !existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "content-security-policy": CSP });
  createReadStream(file).pipe(response);
}

function forward(request, response) {
  const onward = ask(`${api}${request.url}`, { method: request.method, headers: request.headers }, (given) => {
    response.writeHead(given.statusCode ?? 502, given.headers);
    given.pipe(response);
  });
  onward.on("error", () => response.writeHead(502).end());
  onward.end();
}

createServer((request, response) => {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  if (pathname.startsWith("/api/") || pathname === "/healthz") forward(request, response);
  else sendFile(response, pathname);
}).listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}/ with figures from ${api}`));

// A stand-in for `grunnlag serve`: web/dist under the real CSP, invented answers.
//
//   FACTS=<folder of municipalities.csv> HEXAGONS=<csv: code,column,row> PORT=8090 node dev/mock-server.mjs
//   API=http://127.0.0.1:8080 node dev/mock-server.mjs      the newest dist before a real server's figures

import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, request as ask } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { loadPlaces, makeApi } from "./mock-data.mjs";

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const upstream = process.env.API;
const facts = process.env.FACTS;
if (!facts && !upstream) throw new Error("FACTS must name the folder that holds municipalities.csv, or API a running server");
const api = facts ? makeApi(loadPlaces(facts, process.env.HEXAGONS)) : null;
const port = Number(process.env.PORT ?? 8090);

const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2" };

function sendJson(request, response, body, status = 200) {
  const bytes = Buffer.from(JSON.stringify(body));
  const brotli = /\bbr\b/.test(request.headers["accept-encoding"] ?? "");
  response.writeHead(status, { "content-type": status === 200 ? "application/json" : "application/problem+json", "cache-control": "no-cache", ...(brotli ? { "content-encoding": "br" } : {}) });
  response.end(brotli ? brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }) : bytes);
}

function query(parameters) {
  const weights = {};
  for (const part of (parameters.get("weights") ?? "").split(",").filter(Boolean)) {
    const [id, value] = part.split(":");
    weights[id] = Number(value);
  }
  return { lang: parameters.get("lang") === "en" ? "en" : "nb", model: parameters.get("model") ?? undefined, county: parameters.get("county") ?? undefined, weights };
}

function answer(path, parameters) {
  if (path === "/api/v1/rank") return api.rank(query(parameters));
  if (path === "/api/v1/municipalities") return api.places();
  if (path === "/api/v1/models") return api.models(parameters.get("lang") === "en" ? "en" : "nb");
  const one = /^\/api\/v1\/municipalities\/(\d{4})$/.exec(path);
  return one ? api.explain(one[1], query(parameters)) : null;
}

function sendFile(request, response, path) {
  const wanted = normalize(path === "/" ? "/index.html" : path);
  const file = join(dist, wanted);
  if (!file.startsWith(dist) || !existsSync(file) || !statSync(file).isFile()) {
    sendJson(request, response, { type: "about:blank", title: "Not found", status: 404 }, 404);
    return;
  }
  const brotli = existsSync(`${file}.br`) && /\bbr\b/.test(request.headers["accept-encoding"] ?? "");
  response.writeHead(200, {
    "content-type": TYPES[extname(file)] ?? "application/octet-stream",
    "content-security-policy": CSP,
    "cache-control": wanted.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
    ...(brotli ? { "content-encoding": "br" } : {}),
  });
  createReadStream(brotli ? `${file}.br` : file).pipe(response);
}

function forward(request, response) {
  const onward = ask(`${upstream}${request.url}`, { headers: request.headers }, (given) => {
    response.writeHead(given.statusCode ?? 502, given.headers);
    given.pipe(response);
  });
  onward.on("error", () => response.destroy());
  onward.end();
}

createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://localhost");
  if (url.pathname === "/healthz") return void response.end("ok");
  if (!url.pathname.startsWith("/api/")) return sendFile(request, response, url.pathname);
  if (upstream) return forward(request, response);
  const body = answer(url.pathname, url.searchParams);
  if (body === null) return sendJson(request, response, { type: "about:blank", title: "Not found", status: 404, detail: "No such municipality" }, 404);
  sendJson(request, response, body);
}).listen(port, "127.0.0.1", () => console.log(`mock on http://127.0.0.1:${port}`));

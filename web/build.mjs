// Bundles the portal into api/static/dist: hashed files and manifest.json, which maps "shell.js" to its hashed address.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import zlib from "node:zlib";
import * as esbuild from "esbuild";
import { sprite } from "./icons.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const dist = path.resolve(here, "../api/static/dist");
const publicPath = "/static/dist";
const watching = process.argv.includes("--watch");

const shared = {
  absWorkingDir: here,
  bundle: true,
  minify: !watching,
  sourcemap: watching ? "linked" : false,
  metafile: true,
  logLevel: "warning",
  legalComments: "linked",
  outdir: dist,
  publicPath,
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  assetNames: "[name]-[hash]",
  target: ["chrome123", "firefox121", "safari17.5"],
  loader: { ".woff2": "file" },
};

const bundles = [
  { ...shared, entryPoints: ["src/entry/shell.ts", "src/entry/login.ts"], format: "esm", splitting: true },
  // Runs before the first paint, so that a dark page never flashes white.
  { ...shared, entryPoints: ["src/entry/theme-early.ts"], format: "iife" },
  { ...shared, entryPoints: ["styles/everline.css"] },
];

async function writeHashed(name, text) {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8).toUpperCase();
  const { name: stem, ext } = path.parse(name);
  const file = `${stem}-${hash}${ext}`;
  await writeFile(path.join(dist, file), text);
  return `${publicPath}/${file}`;
}

const named = new Set(bundles.flatMap((bundle) => bundle.entryPoints));

function entries(results) {
  const found = {};
  for (const { metafile } of results) {
    for (const [file, output] of Object.entries(metafile.outputs)) {
      if (!output.entryPoint || !named.has(output.entryPoint)) continue;
      const name = path.basename(output.entryPoint).replace(/\.ts$/, ".js");
      found[name] = `${publicPath}/${path.basename(file)}`;
    }
  }
  return found;
}

/** Ending -> how a file is compressed; api/static.py serves the result to whoever accepts it. */
const CODINGS = {
  ".br": promisify(zlib.brotliCompress),
  ".gz": (text) => promisify(zlib.gzip)(text, { level: 9 }),
};
const COMPRESSIBLE = /\.(js|css|svg|txt)$/;

async function compress() {
  for (const name of (await readdir(dist)).filter((file) => COMPRESSIBLE.test(file))) {
    const file = path.join(dist, name);
    const text = await readFile(file);
    for (const [ending, coded] of Object.entries(CODINGS)) {
      const made = await coded(text);
      if (made.length < text.length) await writeFile(file + ending, made);
    }
  }
}

async function build() {
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  const results = await Promise.all(bundles.map((options) => esbuild.build(options)));
  const manifest = {
    ...entries(results),
    "icons.svg": await writeHashed("icons.svg", await sprite()),
    "mark.svg": await writeHashed("mark.svg", await readFile(path.join(here, "static/mark.svg"), "utf8")),
  };
  if (!watching) await compress();
  await writeFile(path.join(dist, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

const manifest = await build();
console.log(`built ${Object.keys(manifest).length} entries into ${path.relative(process.cwd(), dist)}`);
if (watching) {
  const { watch } = await import("node:fs");
  let timer;
  const rebuild = () => {
    clearTimeout(timer);
    timer = setTimeout(
      () =>
        build().then(
          () => console.log("rebuilt"),
          (error) => console.error(error.message),
        ),
      100,
    );
  };
  for (const folder of ["src", "styles", "static"]) watch(path.join(here, folder), { recursive: true }, rebuild);
}

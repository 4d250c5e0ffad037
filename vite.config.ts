// Builds the browser's files into Django's static folder. Entry names are fixed (main, map,
// visit, visit-worker, print-faces): Django's manifest storage adds the hashes that make them cacheable for ever.
import { copyFileSync, mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig, type Plugin } from "vite";

const OUT = resolve(import.meta.dirname, "renkei/static/dist");

// typst needs whole static faces; it draws tofu from variable or subset fonts.
const PRINT_FACES = [
  "biz-udpgothic/400Regular/BIZUDPGothic_400Regular.ttf",
  "biz-udpgothic/700Bold/BIZUDPGothic_700Bold.ttf",
  "noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf",
  "noto-sans-jp/700Bold/NotoSansJP_700Bold.ttf",
];

function printFaces(): Plugin {
  return {
    name: "renkei-print-faces",
    closeBundle() {
      const target = resolve(OUT, "print-fonts");
      mkdirSync(target, { recursive: true });
      for (const face of PRINT_FACES) {
        const source = resolve(import.meta.dirname, "node_modules/@expo-google-fonts", face);
        copyFileSync(source, resolve(target, face.split("/").at(-1)!));
      }
    },
  };
}

// Every browser we support reads woff2; the older format would double the number of files.
function onlyWoff2(): Plugin {
  return {
    name: "renkei-only-woff2",
    generateBundle(_options, bundle) {
      for (const [name, file] of Object.entries(bundle)) {
        if (name.endsWith(".woff")) delete bundle[name];
        else if (file.type === "asset" && name.endsWith(".css")) {
          file.source = String(file.source).replaceAll(/,\s*url\([^)]*\.woff\)\s*format\(["']?woff["']?\)/g, "");
        }
      }
    },
  };
}

export default defineConfig({
  base: "./",
  publicDir: "frontend/public",
  plugins: [onlyWoff2(), printFaces()],
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: "es2022",
    // The page's policy allows fonts from our own host only, not from data: addresses.
    assetsInlineLimit: 0,
    modulePreload: false,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      // htmx holds an eval that our configuration never reaches (allowEval = false).
      checks: { eval: false, pluginTimings: false },
      input: {
        main: resolve(import.meta.dirname, "frontend/main.ts"),
        map: resolve(import.meta.dirname, "frontend/islands/map.ts"),
        timeline: resolve(import.meta.dirname, "frontend/islands/timeline.ts"),
        visit: resolve(import.meta.dirname, "frontend/islands/visit.ts"),
        "visit-worker": resolve(import.meta.dirname, "frontend/visit-worker.ts"),
        "print-faces": resolve(import.meta.dirname, "frontend/styles/print-faces.css"),
      },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "chunks/[name]-[hash].js",
        assetFileNames: (asset) =>
          asset.names.some((name) => name.endsWith(".css")) ? "[name][extname]" : "assets/[name]-[hash][extname]",
      },
    },
  },
  worker: { format: "es" },
});

import { defineConfig } from "vitest/config";

// One small bundle for each kind of page. The manifest is what the template tag `built` reads.
export default defineConfig({
  // Relative, so that the pages may be served under any path.
  base: "./",
  build: {
    outDir: "../src/videtur/web/static/built",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    // The polyfill would be an inline script; every browser we support preloads modules by itself.
    modulePreload: { polyfill: false },
    // Nothing is inlined: the pages' policy allows no data: script or style.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: {
        page: "src/page.ts",
        case: "src/case.ts",
        item: "src/item.ts",
        pair: "src/pair.ts",
        redaction: "src/redaction.ts",
        upload: "src/upload.ts",
      },
    },
  },
  test: { environment: "happy-dom", include: ["tests/**/*.test.ts"] },
});

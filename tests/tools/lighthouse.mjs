// Lighthouse on one page after another, all in one browser: `node lighthouse.mjs` reads an order on standard input,
// {"chromium", "flags", "categories", "pages": [{"name", "url", "target", "skipAudits"}]}, keeps each report as
// `target`.report.json and `target`.report.html, and says of each page {"name", "error"} in a line of its own.
import { readFileSync, writeFileSync } from "node:fs";

import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const { chromium, flags, categories, pages } = JSON.parse(readFileSync(0, "utf8"));
const KINDS = ["json", "html"];

// Now and then Chromium keeps no trace of the moment in which a page was called, most likely the first one of a new
// browser, and Lighthouse asks to be run again ("runtimeError", NO_NAVSTART). That is done once: it is about what was
// recorded and not about the page. What a report says is never asked for a second time.
async function look(url, options) {
  const found = await lighthouse(url, options);
  if (!found.lhr.runtimeError) return found;
  console.error(`${url}: ${found.lhr.runtimeError.code}, noch einmal`);
  return lighthouse(url, options);
}

const browser = await launch({ chromePath: chromium, chromeFlags: flags, logLevel: "silent" });
try {
  for (const { name, url, target, skipAudits } of pages) {
    let error = "";
    try {
      const { report } = await look(url, {
        port: browser.port,
        logLevel: "silent",
        locale: "de",
        output: KINDS,
        onlyCategories: categories,
        skipAudits,
      });
      KINDS.forEach((kind, index) => writeFileSync(`${target}.report.${kind}`, report[index]));
    } catch (failure) {
      error = String(failure.message ?? failure);
    }
    console.log(JSON.stringify({ name, error }));
  }
} finally {
  browser.kill();
}

// Shows in the side panel "Prüfungen" of the editor what the server found out about the draft (home/editing/checker.py).
// Wagtail's own results stand below; both are counted together.

const ROW = "#w-content-checker-row-template";

/** The findings that came with the preview, or null if it shows something else than the page. */
const readFindings = () => {
  const preview = document.querySelector("#w-preview-iframe")?.contentDocument;
  const userbar = preview?.querySelector("wagtail-userbar")?.shadowRoot;
  const data = userbar?.querySelector("#content-findings")?.textContent;
  return data ? JSON.parse(data) : null;
};

/** One row as Wagtail draws them, without the button that leads into the preview. */
const makeRow = ({ title, text, anchor }) => {
  const row = document.querySelector(ROW).content.cloneNode(true);
  row.querySelector("[data-content-checker-name]").textContent = title;
  const help = row.querySelector("[data-content-checker-help]");
  help.textContent = text;
  if (anchor) {
    const link = document.createElement("a");
    link.href = anchor;
    link.textContent = "Zur Stelle";
    help.append(" ", link);
  }
  row.querySelector("[data-content-checker-selector]").remove();
  return row;
};

const addToCounters = (count) => {
  const toggle = document.querySelector('[data-side-panel-toggle="checks"] [data-side-panel-toggle-counter]');
  const panel = document.querySelector('[data-side-panel="checks"] [data-content-checker-count]');
  const all = Number(panel.textContent) + count;
  for (const counter of [toggle, panel]) counter.textContent = String(all);
  toggle.hidden = all === 0;
  panel.classList.toggle("has-errors", all > 0);
  return all;
};

// Wagtail leaves its last results standing, or a green 0, while it cannot look: so we say whether it has looked.
let valid = true;

/** Shows the results, or why there are none: "waiting", "invalid" (the form), "elsewhere" (another preview). */
const showResults = (reason) => {
  const unchecked = document.querySelector("[data-content-unchecked]");
  if (!unchecked) return;
  unchecked.hidden = !reason;
  document.querySelector("[data-content-results]").hidden = Boolean(reason);
  for (const text of unchecked.querySelectorAll("[data-content-reason]"))
    text.hidden = text.dataset.contentReason !== reason;
  const toggle = document.querySelector('[data-side-panel-toggle="checks"] [data-side-panel-toggle-counter]');
  if (reason && toggle) toggle.hidden = true;
};

// The answer of the server to the draft in the form.
document.addEventListener("w-preview:json", ({ detail }) => {
  const wasValid = valid;
  valid = detail.data.is_valid;
  if (!valid) showResults("invalid");
  else if (!wasValid) showResults("waiting");
});

document.addEventListener("w-preview:loaded", () => {
  if (valid && !readFindings()) showResults("elsewhere");
});

// Wagtail sends this when it has written its own results and counters, after every change of the preview.
document.addEventListener("w-preview:content", () => {
  const list = document.querySelector("[data-content-findings]");
  const findings = readFindings();
  if (!list || !findings || !valid) return;
  showResults(null);
  list.replaceChildren(...findings.map(makeRow));
  document.querySelector("[data-content-fine]").hidden = addToCounters(findings.length) > 0;
});

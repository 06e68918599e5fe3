// Follows the builds of a documentation while they run (archive/documentation/admin_views.py).
// Without it the page offers a link that shows how far they are.

const PAUSE = 1000;
const page = document.querySelector("[data-documentation]");
const words = page.querySelector("[data-words]");

const open = () => [...page.querySelectorAll("[data-open]")].map((box) => box.closest("[data-variant]"));

/** Replaces the content of a box, unless it is the same; `replaceContent` comes from replace_content.js. */
const replace = (box, html) => {
  if (box.dataset.shown === html) return false;
  box.dataset.shown = html;
  window.replaceContent(box, html);
  hideLinks();
  return true;
};

const hideLinks = () => {
  for (const link of page.querySelectorAll("[data-without-script]")) link.hidden = true;
};

const show = ({ variants, builds }) => {
  for (const [variant, piece] of Object.entries(variants)) {
    const changed = replace(page.querySelector(`[data-variant="${variant}"]`), piece.html);
    if (changed && words.textContent !== piece.words) words.textContent = piece.words;
  }
  replace(page.querySelector("[data-builds]"), builds);
};

const follow = async () => {
  const variants = open().map((section) => section.dataset.variant);
  if (!variants.length) return;
  try {
    const answer = await fetch(`${page.dataset.documentation}?offen=${variants.join(",")}`, {
      headers: { "X-Requested-With": "XMLHttpRequest" },
    });
    // Signed out meanwhile, or no longer allowed: the page itself will say so.
    if (answer.redirected || answer.status === 403) return;
    if (answer.ok) show(await answer.json());
  } catch {
    // The server is away for a moment: ask again.
  }
  setTimeout(follow, PAUSE);
};

hideLinks();
follow();

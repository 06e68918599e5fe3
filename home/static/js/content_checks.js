// Runs inside the page that is looked at, beside Wagtail's user bar. Its options come from home/editing/checker.py.

/** Words that differ only in case, punctuation and spaces are the same. */
const plain = (text) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

/** What a screen reader says for a link: its label, else its words, else those of its images. */
const spoken = (link) =>
  link.getAttribute("aria-label") ||
  link.textContent.trim() ||
  [...link.querySelectorAll("img[alt]")].map((image) => image.alt).join(" ");

/** A link whose words tell where it leads (WCAG 2.4.4, 2.4.9). One without words is the business of `link-name`. */
const checkLinkText = (link, options) => {
  const words = spoken(link);
  const isAddress = /^(https?:\/\/|www\.)\S*$/i.test(words);
  return !words || !(isAddress || options.words.includes(plain(words)));
};

window.wagtail.userbar.registerCheck("check-link-text", checkLinkText);

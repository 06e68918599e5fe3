/* Wagtail's fields for formatted text have no name for those who do not see the label above them (WCAG 4.1.2).
   Each gets the label of its field, or the heading of its block. */
(() => {
    const NAMELESS = ".public-DraftEditor-content:not([aria-labelledby])";
    let labels = 0;

    const name = (field) => {
        const label = field.closest("[data-field-wrapper]")?.querySelector("label")
            ?? field.closest("[data-panel]")?.querySelector("[data-panel-heading]");
        if (!label) return;
        label.id ||= `text-field-label-${(labels += 1)}`;
        field.setAttribute("aria-labelledby", label.id);
    };

    // Blocks come and go while somebody writes.
    const changes = new MutationObserver(() => document.querySelectorAll(NAMELESS).forEach(name));
    changes.observe(document.documentElement, { childList: true, subtree: true });
})();

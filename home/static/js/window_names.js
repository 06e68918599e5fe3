/* The windows in which something is chosen are announced by what their heading says (WCAG 4.1.2). They are Bootstrap's, whose
   events are heard by jQuery alone; by then what is in them has arrived. Not by its id: the page below may have the same. */
window.jQuery(document).on("show.bs.modal", ({ target }) => {
    const heading = target.querySelector("h1, h2");
    if (!heading) return;
    target.setAttribute("aria-label", heading.textContent.trim().replace(/\s+/g, " "));
    target.setAttribute("aria-modal", "true");
});

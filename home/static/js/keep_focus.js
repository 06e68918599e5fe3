/* Whoever chooses a picture, page or document without a mouse stays at that field (WCAG 2.4.3). Wagtail's button to
   choose goes away as soon as something is chosen, the one in the menu as soon as it is cleared, and the focus with it. */
(() => {
    let field = null;

    const stay = () => {
        if (document.activeElement !== document.body && document.activeElement?.checkVisibility()) return;
        [...(field?.querySelectorAll("button") ?? [])].find((button) => button.checkVisibility())?.focus();
    };

    document.addEventListener("focusin", ({ target }) => {
        // What there is to choose from stands in a .chooser as well.
        if (!target.closest(".modal")) field = target.closest(".chooser") ?? field;
    });
    document.addEventListener("click", ({ target }) => {
        if (target.closest("[data-chooser-action-clear]")) requestAnimationFrame(stay);
    });
    // Its windows are those of Bootstrap, whose events are heard by jQuery alone.
    window.jQuery(document).on("hidden.bs.modal", stay);
})();

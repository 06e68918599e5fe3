/* Nine parts of a programme all headed "Programmpunkt" cannot be told apart: put the title of each into its heading,
   and fold up those that have one. New parts stay open. */
(() => {
    const PANEL = '[data-inline-panel-child][id^="inline_child_programme_items-"]';
    const TITLE = /^id_programme_items-\d+-title$/;

    const show = (input) => {
        const heading = input.closest(PANEL)?.querySelector("[data-panel-heading-text]");
        if (!heading) return;
        let words = heading.querySelector("[data-inline-title]");
        if (!words) {
            words = document.createElement("span");
            words.dataset.inlineTitle = "";
            heading.append(words);
        }
        words.textContent = input.value.trim() && `– ${input.value.trim()}`;
    };

    const fold = (input) => {
        const panel = input.closest("[data-panel]");
        const isFaulty = panel?.querySelector(".w-field--error, .error-message");
        const toggle = panel?.querySelector("[data-panel-toggle]");
        if (input.value.trim() && !isFaulty && toggle?.getAttribute("aria-expanded") === "true") toggle.click();
    };

    document.addEventListener("input", ({ target }) => {
        if (TITLE.test(target.id)) show(target);
    });

    // After Wagtail has made its panels.
    window.addEventListener("load", () => {
        for (const input of document.querySelectorAll(`${PANEL} input`)) {
            if (!TITLE.test(input.id)) continue;
            show(input);
            // An address with a target leads to a field that may be in one of them.
            if (!window.location.hash) fold(input);
        }
    });
})();

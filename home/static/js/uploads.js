/* Many files at once without a mouse, and without seeing them arrive. Wagtail lays the field of the browser, as clear as
   glass, over a button that sends a form without files (WCAG 2.1.1, 2.4.7); the form of a file goes away when it is saved,
   and the focus with it (2.4.3); and nobody is told what has arrived (4.1.3). */
document.addEventListener("DOMContentLoaded", () => {
    const FIELD = "input:not([type=hidden]), select, textarea";
    const choose = document.querySelector(".replace-file-input button");
    const list = document.getElementById("upload-list");
    if (!choose || !list) return;
    const words = document.createElement("p");
    words.className = "w-sr-only";
    words.setAttribute("role", "status");
    list.before(words);

    // The field is made anew after each choice, as it is then.
    const field = () => document.getElementById("fileupload");
    field().hidden = true;
    choose.type = "button";
    choose.addEventListener("click", () => field().click());

    const tell = () => {
        const count = (end) => list.querySelectorAll(`:scope > .upload-${end}`).length;
        const [here, refused] = [count("success"), count("failure")];
        if (count("uploading") || !(here || refused)) return;
        const trouble = refused ? ` Nicht angenommen: ${refused}.` : "";
        words.textContent = `Hochgeladen: ${here}.${trouble} Näheres steht unter der Auswahl.`;
    };

    const firstField = (part) => part.querySelector("[aria-invalid=true]") ?? part.querySelector(FIELD);

    /** A file that was saved makes way for the next; a form with errors comes back in its place. */
    const goOn = (places) => (places.map(firstField).find(Boolean) ?? choose).focus();

    const isLost = () => document.activeElement === document.body;
    const hasLost = (nodes, name) => [...nodes].some(({ nodeName }) => nodeName === name);
    /** The files after one that has gone; between them are blanks. */
    const after = (node) => {
        while (node && node.nodeName !== "LI") node = node.nextSibling;
        return node ? [node] : [];
    };

    new MutationObserver((changes) => {
        for (const { type, target, removedNodes, nextSibling } of changes) {
            if (type === "attributes") {
                if (target.parentElement === list) tell();
            } else if (target === list && hasLost(removedNodes, "LI")) {
                if (isLost()) goOn([...after(nextSibling), ...list.children]);
            } else if (hasLost(removedNodes, "FORM") && isLost()) {
                goOn([target]);
            }
        }
    }).observe(list, { attributeFilter: ["class"], childList: true, subtree: true });
});

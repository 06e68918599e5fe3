/* One box chooses all rows of the list. The list is exchanged when a filter changes, so the document listens. */
(() => {
    document.addEventListener("change", (event) => {
        if (!event.target.matches("[data-choose-all]")) return;
        for (const box of document.querySelectorAll('input[name="delivery"]')) box.checked = event.target.checked;
    });
})();

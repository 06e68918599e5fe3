/* What stands in a part of a page is exchanged while somebody is in it: the focus stays on the same link or button, or, if
   that has gone, at the beginning of the part (WCAG 2.4.3). Comes before the scripts that use it. */
(() => {
    const WHAT = "a[href], button, input, select, textarea, [tabindex]";
    const sign = (element) => element.id || `${element.tagName} ${element.getAttribute("href") ?? element.textContent.trim()}`;

    /** Put `html` into `box`; both are our own. */
    window.replaceContent = (box, html) => {
        const focused = box.contains(document.activeElement) && sign(document.activeElement);
        box.innerHTML = html;
        if (!focused) return;
        const same = [...box.querySelectorAll(WHAT)].find((element) => sign(element) === focused);
        const start = box.querySelector("h2, h3") ?? box;
        if (!same) start.tabIndex = -1;
        (same ?? start).focus();
    };
})();

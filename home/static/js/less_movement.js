/* Whoever asks for less movement gets none from scripts either (css/admin.css stills the rest): what is added, deleted or
   saved at the desk does not slide, and where a button leads is there at once. */
(() => {
    const less = window.matchMedia("(prefers-reduced-motion: reduce)");
    const scroll = Element.prototype.scrollIntoView;

    Object.defineProperty(window.jQuery.fx, "off", { get: () => less.matches });

    Element.prototype.scrollIntoView = function scrollIntoView(options) {
        scroll.call(this, less.matches && options?.behavior ? { ...options, behavior: "instant" } : options);
    };
})();

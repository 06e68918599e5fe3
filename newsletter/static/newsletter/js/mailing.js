/* The page of a mailing shows how far it is without being loaded again. Without this script there is a link to do so.

   Whoever listens instead of looking hears a sentence at every tenth part, not every two seconds. */
(() => {
    const box = document.querySelector("[data-progress-url]");
    if (!box) return;
    const bar = box.querySelector("progress");
    const words = box.querySelector("[data-progress-words]");
    const spoken = box.querySelector("[data-progress-spoken]");
    const first = box.dataset.progressState;
    const EVERY = 2000;
    let told = Math.floor(bar.value / bar.max * 10);

    const show = (now) => {
        bar.value = now.settled;
        words.textContent = now.words;
        for (const [name, value] of Object.entries(now.figures)) {
            const cell = document.querySelector(`[data-figure="${name}"]`);
            if (cell) cell.textContent = value;
        }
        const part = Math.floor(now.percent / 10);
        if (part !== told) {
            told = part;
            spoken.textContent = now.words;
        }
    };

    const look = async () => {
        if (!document.hidden) {
            try {
                const response = await fetch(box.dataset.progressUrl, { headers: { Accept: "application/json" } });
                // Logged out in the meantime: the answer is a page.
                if (!response.ok || response.redirected) return;
                const now = await response.json();
                show(now);
                // Buttons and lists depend on the state.
                if (now.state !== first) {
                    window.location.reload();
                    return;
                }
                if (!now.running) return;
            } catch {
                // The network comes back.
            }
        }
        setTimeout(look, EVERY);
    };
    box.querySelector("[data-progress-reload]")?.remove();
    setTimeout(look, EVERY);
})();

/* The page of a mailing shows how far it is without being loaded again. Without this script there is a link to do so.

   Whoever listens instead of looking hears a sentence at every tenth part and at every new state, not every two seconds. */
(() => {
    const page = document.querySelector("[data-mailing]");
    const spoken = document.querySelector("[data-progress-spoken]");
    const EVERY = 2000;
    let told = null;

    const find = (name) => page.querySelector(`[data-progress-${name}]`);
    const address = () => find("url")?.dataset.progressUrl;

    const begin = () => {
        const bar = page.querySelector("progress");
        told = Math.floor(bar.value / bar.max * 10);
        find("reload")?.remove();
        if (address()) setTimeout(look, EVERY);
    };

    const show = (now) => {
        page.querySelector("progress").value = now.settled;
        find("words").textContent = now.words;
        for (const [name, value] of Object.entries(now.figures)) {
            const cell = page.querySelector(`[data-figure="${name}"]`);
            if (cell) cell.textContent = value;
        }
        const part = Math.floor(now.percent / 10);
        if (part !== told) {
            told = part;
            spoken.textContent = now.words;
        }
    };

    /** The answer, unless somebody is no longer logged in: then it is a page. */
    const ask = async (from, accept) => {
        const response = await fetch(from, { headers: { Accept: accept } });
        return response.ok && !response.redirected ? response : null;
    };

    /** Buttons and lists depend on the state: what the page says now comes in the place of what it said. */
    const renew = async () => {
        const response = await ask(window.location.href, "text/html");
        if (!response) return;
        const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
        window.replaceContent(page, fresh.querySelector("[data-mailing]").innerHTML);
        spoken.textContent = `${page.querySelector("#fortschritt").textContent}. ${find("words").textContent}`;
        begin();
    };

    const look = async () => {
        if (!document.hidden) {
            try {
                const response = await ask(address(), "application/json");
                if (!response) return;
                const now = await response.json();
                show(now);
                if (now.state !== find("state").dataset.progressState) {
                    await renew();
                    return;
                }
                if (!now.running) return;
            } catch {
                // The network comes back.
            }
        }
        setTimeout(look, EVERY);
    };

    begin();
})();

/* Fourteen offices take part in an edition, or do not: one button adds a line for each that has none yet. */
(() => {
    const NAME = "participations";
    const offices = () => [...document.querySelectorAll(`select[name^="${NAME}-"][name$="-office"]`)];
    const isDeleted = (select) => document.getElementById(select.id.replace(/office$/, "DELETE"))?.value === "1";

    const fill = (add) => {
        const known = new Set(offices().filter((select) => !isDeleted(select)).map((select) => select.value));
        const template = document.getElementById(`id_${NAME}-EMPTY_FORM_TEMPLATE`);
        const options = template.content.querySelectorAll('select[name$="-office"] option');
        for (const { value } of options) {
            if (!value || known.has(value)) continue;
            add.click();
            const select = offices().at(-1);
            select.value = value;
            select.dispatchEvent(new Event("change", { bubbles: true }));
        }
    };

    // After Wagtail has made its panels.
    window.addEventListener("load", () => {
        const add = document.getElementById(`id_${NAME}-ADD`);
        if (!add) return;
        const all = document.createElement("button");
        all.type = "button";
        all.id = `id_${NAME}-ADD-ALL`;
        all.className = "button button-small button-secondary w-ml-2";
        all.textContent = "Alle Stellen eintragen";
        all.addEventListener("click", () => fill(add));
        add.after(all);
    });
})();

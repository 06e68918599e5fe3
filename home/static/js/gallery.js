/* A gallery takes several images from one look into the library: first those of its pictures that are empty, then as
   many new ones as it may have. */
(() => {
    class GalleryDefinition extends window.wagtailStreamField.blocks.StructBlockDefinition {
        render(...place) {
            const gallery = super.render(...place);
            const list = gallery.childBlocks.pictures;
            const button = document.createElement("button");
            button.type = "button";
            button.className = "button button-small button-secondary w-my-2";
            button.textContent = "Mehrere Bilder auswählen";
            button.addEventListener("click", () => this.choose(list));
            list.container[0].before(button);
            return gallery;
        }

        choose(list) {
            const { childBlockDef, meta } = list.blockDef;
            const take = (images) => {
                const empty = list.children.filter(({ block }) => !block.childBlocks.image.getState());
                for (const image of images) {
                    const next = empty.shift();
                    if (next) next.block.childBlocks.image.setState(image);
                    else if (list.children.length < meta.maxNum) {
                        list.insert({ image, caption: "", alternative: "" }, list.children.length);
                    }
                }
            };
            childBlockDef.childBlockDefsByName.image.widget.openModal(take, { multiple: true });
        }
    }

    window.telepath.register("home.blocks.Gallery", GalleryDefinition);
})();

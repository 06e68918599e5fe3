// Wagtail's form of the upload has no place for fields of ours: what is preset moves into it, and so goes along with
// every file.
document.querySelectorAll("[data-upload-preset]").forEach((field) => {
    document.getElementById("fileupload").form.append(field);
});

// The composer: what the form can do already, made quicker. Without this file it works as it is.

const form = document.querySelector<HTMLFormElement>("form.composer");
const input = form?.querySelector<HTMLInputElement>("input[type=file]");

if (form && input) {
  const add = (files: Iterable<File>) => {
    const all = new DataTransfer();
    for (const file of [...(input.files ?? []), ...files]) all.items.add(file);
    input.files = all.files;
  };
  document.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    add(event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => {
    if (!event.clipboardData?.files.length) return;
    event.preventDefault();
    add(event.clipboardData.files);
  });
}

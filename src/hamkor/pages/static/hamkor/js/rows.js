// SPDX-License-Identifier: Apache-2.0
// Lists of small records inside one field: rows are added, removed and read back as one value.
export function startRows() {
  document.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add-row]");
    const remove = event.target.closest("[data-remove-row]");
    if (add) {
      const list = add.closest("[data-type=rows]");
      const row = list.querySelector("template").content.cloneNode(true);
      list.insertBefore(row, list.querySelector("template"));
      list.dataset.dirty = "yes";
      [...list.querySelectorAll(".row-fields")].at(-1)?.querySelector("input, select")?.focus();
    } else if (remove) {
      const list = remove.closest("[data-type=rows]");
      remove.closest(".row-fields").remove();
      list.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
}

export function rowsOf(list) {
  return [...list.querySelectorAll(":scope > .row-fields")].map((row) => {
    const value = { "": JSON.parse(row.dataset.row || "{}") };
    for (const cell of row.querySelectorAll("[data-cell]")) {
      if (cell.dataset.type === "list") value[cell.dataset.cell] = [...cell.selectedOptions].map((option) => option.value);
      else if (cell.dataset.type === "boolean") value[cell.dataset.cell] = cell.value === "" ? null : cell.value === "true";
      else value[cell.dataset.cell] = cell.value.trim() || null;
    }
    return value;
  }).filter((value) => Object.entries(value).some(([key, each]) => key !== "" && each !== null));
}

// What the scripts say, in the words of the page.
export const words = document.querySelector("[data-words]").dataset;

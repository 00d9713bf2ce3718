// The bar of a long errand moves by itself; when it is done, the page is loaded anew.
const box = document.querySelector("[data-errand]");
const bar = box?.querySelector("[data-progress]");
const done = box?.querySelector("[data-done]");

async function look() {
  try {
    const response = await fetch(box.dataset.errand, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(response.status);
    const news = await response.json();
    if (!["queued", "running"].includes(news.state)) {
      location.reload();
      return;
    }
    done.textContent = news.done.toLocaleString(document.documentElement.lang || "en");
    if (news.percent === null) bar.removeAttribute("value");
    else bar.value = news.percent;
  } catch {
    // The next look may succeed.
  }
  setTimeout(look, 1000);
}

if (box) setTimeout(look, 500);

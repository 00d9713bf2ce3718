// The session ends after a while without anyone there. Whoever is busy on the page keeps it, and the sender's own, alive.

const { session, idleSeconds, pingUrl, pingSeconds } = document.body.dataset;
const KEEP_ALIVE_MILLISECONDS = 60_000;
let told = Date.now();
let timer;

function isThere() {
  clearTimeout(timer);
  timer = setTimeout(() => location.replace(session), (Number(idleSeconds) + 1) * 1000);
  if (Date.now() - told < KEEP_ALIVE_MILLISECONDS) return;
  told = Date.now();
  fetch(`${session}/alive`, { cache: "no-store", redirect: "manual" }).catch(() => {});
}

export function watchSession() {
  for (const name of ["pointerdown", "keydown", "scroll"]) document.addEventListener(name, isThere, { passive: true });
  isThere();
  if (!pingUrl) return;
  setInterval(() => fetch(pingUrl, { mode: "no-cors", credentials: "include", cache: "no-store" }).catch(() => {}), Number(pingSeconds) * 1000);
}

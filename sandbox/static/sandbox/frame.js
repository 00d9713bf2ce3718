// Tells the page around the frame, as far as the recipient view allows, that the page stands and how it ended.
// Docusign JS (docusign.js) listens. Nothing of what is signed is told.

const { step, event, returnUrl, listeners } = document.body.dataset;

function tell(message) {
  if (window.parent === window) return;
  const parent = location.ancestorOrigins?.[0];
  for (const origin of (listeners ?? "").split(" ").filter(Boolean)) {
    if (parent && parent !== origin) continue;
    window.parent.postMessage({ source: "docusign-sandbox", ...message }, origin);
  }
}

tell(step === "ended" ? { type: "sessionEnd", sessionEndType: event, returnUrl } : { type: "ready" });

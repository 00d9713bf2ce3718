// Shows the ceremony in a frame by Docusign JS. Whatever goes wrong, the full page is opened instead.

const PATIENCE_MILLISECONDS = 20_000;

const place = document.querySelector("#ceremony");
const { viewUrl, docusignJs, integrationKey, displayFormat } = place.dataset;
const waiting = place.querySelector(".framed__wait");
const fullPage = document.querySelector("#full-page");

// The frame may have used up its address, so the form asks for another one.
function giveUp() {
  fullPage.submit();
}

function load(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", resolve);
    script.addEventListener("error", reject);
    document.head.append(script);
  });
}

const patience = setTimeout(giveUp, PATIENCE_MILLISECONDS);
document.addEventListener("securitypolicyviolation", giveUp);
try {
  await load(docusignJs);
  const docusign = await window.DocuSign.loadDocuSign(integrationKey);
  const signing = docusign.signing({ url: viewUrl, displayFormat });
  signing.on("ready", () => {
    clearTimeout(patience);
    document.removeEventListener("securitypolicyviolation", giveUp);
    waiting.hidden = true;
  });
  signing.on("sessionEnd", ({ sessionEndType }) => {
    clearTimeout(patience);
    location.replace(`${place.dataset.return}?event=${encodeURIComponent(sessionEndType)}`);
  });
  signing.mount("#ceremony");
} catch {
  giveUp();
}

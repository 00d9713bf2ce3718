// What allauth's passkey scripts leave out: offer a passkey only where the browser knows them, and say when it failed.
const knowsPasskeys = Boolean(window.PublicKeyCredential)
for (const button of document.querySelectorAll('[data-passkey]')) button.hidden = !knowsPasskeys
for (const word of document.querySelectorAll('[data-passkey-missing]')) word.hidden = knowsPasskeys
const problem = document.querySelector('[data-passkey-problem]')
document.addEventListener('allauth.error', event => {
  event.preventDefault()
  if (problem) problem.hidden = false
})
document.addEventListener('click', event => {
  if (problem && event.target.closest('[data-passkey]')) problem.hidden = true
})

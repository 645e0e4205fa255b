// Asks before a page is left whose form holds entries that were not saved. Without a script the page says so itself.
export function warnOfUnsaved(form) {
  const entries = () => JSON.stringify([...new FormData(form)].filter(([name]) => name !== 'csrf_token'))
  const atFirst = entries()
  const isRefused = form.querySelector('.govuk-error-message') !== null
  let isMeant = false

  form.addEventListener('submit', () => {
    isMeant = true
  })
  for (const link of form.querySelectorAll('[data-saved]')) {
    link.addEventListener('click', () => {
      isMeant = true
    })
  }
  window.addEventListener('pageshow', () => {
    isMeant = false
  })
  window.addEventListener('beforeunload', (event) => {
    if (!isMeant && (isRefused || entries() !== atFirst)) {
      event.preventDefault()
    }
  })
}

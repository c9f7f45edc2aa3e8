/** Offers a button for each action; what became of the last one is shown as JSON below. */
export function showPanel(actions) {
  const outcome = document.createElement('output')
  for (const [name, act] of Object.entries(actions)) {
    const button = document.createElement('button')
    button.id = name
    button.textContent = name
    button.onclick = async () => {
      outcome.textContent = ''
      outcome.textContent = JSON.stringify(await act().then(succeeded, failed))
    }
    document.body.append(button)
  }
  document.body.append(outcome)
}

const succeeded = (value) => ({ value: value ?? null })
const failed = (error) => ({ failed: error.errorCode ?? error.error ?? error.message })

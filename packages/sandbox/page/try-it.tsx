import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { ask, describeFault } from './api.ts'
import { delegationServer, type Org } from './org.ts'

interface TryProps {
  readonly org: Org
  readonly login: string | undefined
  readonly onLogin: (login: string) => void
}

/** Performs an exchange that people put together. */
export function TryIt({ org, login = org.users[0]?.login ?? '', onLogin }: TryProps): JSX.Element {
  const clients = org.apps.filter(({ type, status }) => type === 'service' && status === 'ACTIVE')
  const offered = delegationServer(org)?.scopes ?? []
  const [clientId, setClientId] = useState<string>()
  const [resource, setResource] = useState('')
  const [scopes, setScopes] = useState(offered[0] ?? '')
  const [said, setSaid] = useState('')
  const perform = async (): Promise<void> => {
    const asked = scopes.split(/\s+/).filter(Boolean)
    setSaid('Asking …')
    try {
      const { presented } = await ask<{ readonly presented: string }>('POST', '/exchanges', {
        login,
        clientId: clientId ?? clients[0]?.clientId ?? '',
        ...(resource.trim() === '' ? {} : { resource: resource.trim() }),
        ...(asked.length === 0 ? {} : { scopes: asked }),
      })
      setSaid(`Done: it is at the top of the list. The user’s token was presented ${presented}.`)
    } catch (error) {
      setSaid(describeFault(error))
    }
  }
  return (
    <section aria-labelledby="try" class="panel">
      <h2 id="try">Try it</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void perform()
        }}
      >
        <label>
          User
          <select value={login} onChange={({ currentTarget }) => onLogin(currentTarget.value)}>
            {org.users.map((user) => (
              <option key={user.login} value={user.login}>
                {user.login}
              </option>
            ))}
          </select>
        </label>
        <label>
          Client
          <select value={clientId} onChange={({ currentTarget }) => setClientId(currentTarget.value)}>
            {clients.map((client) => (
              <option key={client.clientId} value={client.clientId}>
                {client.label}
              </option>
            ))}
          </select>
        </label>
        <label>
          Resource
          <input
            type="text"
            placeholder="the client’s only one"
            value={resource}
            onInput={({ currentTarget }) => setResource(currentTarget.value)}
          />
        </label>
        <label>
          Scopes
          <input
            type="text"
            list="scopes"
            value={scopes}
            onInput={({ currentTarget }) => setScopes(currentTarget.value)}
          />
          <datalist id="scopes">
            {offered.map((scope) => (
              <option key={scope} value={scope} />
            ))}
          </datalist>
        </label>
        <button type="submit" class="primary">
          Exchange
        </button>
      </form>
      <p role="status">{said}</p>
    </section>
  )
}

import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { ask, describeFault } from './api.ts'
import { delegationServer, type Org, type OrgApp, usersServer } from './org.ts'
import { Scrollable } from './scrollable.tsx'

interface PeopleProps {
  readonly org: Org
  readonly onLogin: (login: string) => void
}

/** A button a user: it signs the user in, which gives a token of their own to look at. */
export function People({ org, onLogin }: PeopleProps): JSX.Element {
  const [said, setSaid] = useState('')
  const signIn = async (login: string): Promise<void> => {
    onLogin(login)
    try {
      await ask('POST', '/sign-ins', { login })
      setSaid(`${login} has signed in; the token is at the top of the list.`)
    } catch (error) {
      setSaid(describeFault(error))
    }
  }
  return (
    <section aria-labelledby="people" class="panel">
      <h2 id="people">Sign in as</h2>
      <ul class="people">
        {org.users.map(({ login, name }) => (
          <li key={login}>
            <button type="button" onClick={() => void signIn(login)}>
              {name ?? login}
              {name !== undefined && <span class="faint"> {login}</span>}
            </button>
          </li>
        ))}
      </ul>
      <p role="status">{said}</p>
    </section>
  )
}

/** The apps, and what one’s own code must be told to be one of them. */
export function Apps({ org }: { readonly org: Org }): JSX.Element {
  return (
    <section aria-labelledby="apps" class="panel">
      <h2 id="apps">Apps</h2>
      {org.apps.map((app) => (
        <details key={app.clientId}>
          <summary>
            {app.label} <span class="faint">{app.type}</span>
          </summary>
          <Settings text={settingsOf(app, org)} label={app.label} />
        </details>
      ))}
    </section>
  )
}

function Settings({ text, label }: { readonly text: string; readonly label: string }): JSX.Element {
  const [said, setSaid] = useState('')
  const copy = (): void =>
    void navigator.clipboard.writeText(text).then(
      () => setSaid('Copied.'),
      () => setSaid('The browser does not let this page copy; select the text.'),
    )
  return (
    <>
      <Scrollable label={`Settings of ${label}`}>
        <pre>{text}</pre>
      </Scrollable>
      <button type="button" onClick={copy} aria-label={`Copy the settings of ${label}`}>
        Copy
      </button>{' '}
      <span role="status">{said}</span>
    </>
  )
}

/** As an `.env` file has them. */
function settingsOf(app: OrgApp, org: Org): string {
  const { clientId, clientSecret, authentication, redirectUris = [], type } = app
  const [users, delegation] = [usersServer(org), delegationServer(org)]
  const secret = clientSecret ?? (authentication === 'none' ? undefined : '(the sandbox has printed it)')
  const lines =
    type === 'service'
      ? [
          ['ISSUER', users?.issuer],
          ['AUDIENCE', users?.audience],
          ['DELEGATION_ISSUER', delegation?.issuer],
        ]
      : [['ISSUER', users?.issuer]]
  lines.push(['CLIENT_ID', clientId], ['CLIENT_SECRET', secret])
  for (const uri of redirectUris) lines.push(['REDIRECT_URI', uri])
  return lines
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')
}

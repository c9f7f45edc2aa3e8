import { type JSX, render } from 'preact'
import { useState } from 'preact/hooks'
import { ExchangeDetail } from './exchange-detail.tsx'
import { ExchangeList } from './exchange-list.tsx'
import { partiesOf, useExchanges } from './exchanges.ts'
import { Faults } from './faults.tsx'
import { useNarrow } from './narrow.ts'
import { nameOf, useOrg } from './org.ts'
import { Apps, People } from './people-and-apps.tsx'
import { Policy } from './policy.tsx'
import { TryIt } from './try-it.tsx'

function Page(): JSX.Element {
  const { exchanges, isConnected, policy, resets } = useExchanges()
  const org = useOrg(resets)
  const isNarrow = useNarrow()
  const [chosen, setChosen] = useState<string>()
  const [login, setLogin] = useState<string>()
  const name = (clientId: string): string => nameOf(org, clientId)
  const [newest] = exchanges
  // Until one is chosen, the newest is shown.
  const shown = exchanges.find(({ id }) => id === chosen) ?? newest
  const select = (id: string): void => {
    setChosen(id)
    // In one column it is further down; beside the list it is in sight, and the keyboard stays in the list.
    if (isNarrow) requestAnimationFrame(() => document.getElementById('exchange')?.focus())
  }
  return (
    <>
      <header>
        <h1>Behalf sandbox</h1>
        <nav aria-label="Parts of the page">
          <a href="#exchanges">Exchanges</a>
          <a href="#try">Try it</a>
          <a href="#policy">Policy</a>
          <a href="#break">Break it</a>
          <a href="#apps">Apps</a>
        </nav>
        <p>
          {org?.url}{' '}
          <span class={isConnected ? 'live' : 'lost'}>{isConnected ? 'live' : 'not connected'}</span>
        </p>
      </header>
      <main>
        <div class="side do">
          {org !== undefined && (
            <>
              <People org={org} onLogin={setLogin} />
              <TryIt org={org} login={login} onLogin={setLogin} />
            </>
          )}
        </div>
        <section class="list" aria-labelledby="exchanges">
          <h2 id="exchanges">Exchanges</h2>
          <p class="unseen" role="status">
            {newest === undefined
              ? 'None yet.'
              : `The last one: ${partiesOf(newest, name)}, ${newest.outcome}.`}
          </p>
          {chosen !== undefined && (
            <button type="button" onClick={() => setChosen(undefined)}>
              Follow the newest
            </button>
          )}
          <ExchangeList exchanges={exchanges} selected={shown?.id} name={name} onSelect={select} />
        </section>
        <div class="detail">
          {shown !== undefined && <ExchangeDetail exchange={shown} name={name} policy={policy} />}
        </div>
        <div class="side set">
          <Policy policy={policy} decided={shown?.policies ?? []} />
          {org !== undefined && (
            <>
              <Faults org={org} happened={`${newest?.id} ${resets}`} />
              <Apps org={org} />
            </>
          )}
        </div>
      </main>
    </>
  )
}

const root = document.getElementById('root')
if (root !== null) render(<Page />, root)

import type { PolicyInForce, ShownPolicy } from '@behalf/sandbox'
import type { JSX } from 'preact'
import { Scrollable } from './scrollable.tsx'

interface PolicyProps {
  readonly policy: PolicyInForce | undefined
  /** Ids of the policies that decided the exchange that is shown. */
  readonly decided: readonly string[]
}

/** The policies in force; those that decided the exchange that is shown are marked. */
export function Policy({ policy, decided }: PolicyProps): JSX.Element {
  return (
    <section aria-labelledby="policy" class="panel">
      <h2 id="policy">Policy</h2>
      <div role="status">
        {policy?.faults !== undefined && (
          <>
            <p class="problem">What the files say now is refused; the policies below stay in force.</p>
            <Scrollable label="What is wrong with the changed files">
              <pre>{policy.faults.join('\n')}</pre>
            </Scrollable>
          </>
        )}
      </div>
      {policy === undefined ? (
        <p class="faint">
          Nobody has told what the hook decides by. <code>behalf dev</code> does, for the hook that it runs.
        </p>
      ) : (
        <InForce policies={policy.policies} decided={decided} />
      )}
    </section>
  )
}

function InForce({ policies, decided }: PolicyInForce & Pick<PolicyProps, 'decided'>): JSX.Element {
  if (policies.length === 0) return <p>None: whatever the hook’s configuration lets through is permitted.</p>
  return (
    <ul class="policies">
      {policies.map((policy) => (
        <li key={policy.id} id={anchorOf(policy.id)} class={decided.includes(policy.id) ? 'decided' : ''}>
          <details>
            <summary>
              <strong>{policy.id}</strong>{' '}
              {policy.effect !== undefined && <span class={`effect ${policy.effect}`}>{policy.effect}s</span>}{' '}
              {decided.includes(policy.id) && <span class="mark">decided this exchange</span>}
              {policy.place !== undefined && <span class="faint"> {policy.place}</span>}
            </summary>
            {policy.text !== undefined && (
              <Scrollable label={`Text of ${policy.id}`}>
                <pre>{policy.text}</pre>
              </Scrollable>
            )}
          </details>
        </li>
      ))}
    </ul>
  )
}

interface DecidedProps {
  readonly ids: readonly string[]
  readonly policy: PolicyInForce | undefined
}

/** Names the policies that decided, each with its text where it is in force still. */
export function DecidedBy({ ids, policy }: DecidedProps): JSX.Element | null {
  if (ids.length === 0) return null
  const found = (id: string): ShownPolicy | undefined => policy?.policies.find((each) => each.id === id)
  return (
    <p>
      Decided by{' '}
      {ids.map((id, index) => (
        <span key={id}>
          {index > 0 && ', '}
          {found(id) === undefined ? id : <a href={`#${anchorOf(id)}`}>{id}</a>}
          {policy !== undefined && found(id) === undefined && (
            <span class="faint"> (not among those shown now)</span>
          )}
        </span>
      ))}
      .
    </p>
  )
}

function anchorOf(id: string): string {
  return `policy-${encodeURIComponent(id)}`
}

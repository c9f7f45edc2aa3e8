import type { FaultDescription } from '@behalf/sandbox'
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { ask, describeFault } from './api.ts'
import { lessons } from './lessons.ts'
import { delegationServer, type Org } from './org.ts'

interface ActiveFault {
  readonly id: string
  readonly kind: FaultDescription['kind']
}

interface FaultsProps {
  readonly org: Org
  /** Grows when something has happened, which may have to do with a fault that somebody else has switched. */
  readonly happened: string
}

/** A switch for every fault. */
export function Faults({ org, happened }: FaultsProps): JSX.Element {
  const [active, setActive] = useState<readonly ActiveFault[]>([])
  const [problem, setProblem] = useState('')
  useEffect(() => {
    void ask<readonly ActiveFault[]>('GET', '/faults').then(setActive, () => undefined)
  }, [happened])
  const change = async (asked: () => Promise<readonly ActiveFault[]>): Promise<void> => {
    try {
      setActive(await asked())
      setProblem('')
    } catch (error) {
      setProblem(describeFault(error))
    }
  }
  return (
    <section aria-labelledby="break" class="panel">
      <h2 id="break">Break it</h2>
      <p role="status" class="problem">
        {problem}
      </p>
      <ul class="faults">
        {org.faultKinds.map((description) => (
          <FaultSwitch
            key={description.kind}
            description={description}
            defaults={defaultsOf(org)}
            active={active.find(({ kind }) => kind === description.kind)}
            onInject={(parameters) =>
              void change(() => ask('POST', '/faults', { kind: description.kind, ...parameters }))
            }
            onClear={(id) => void change(() => ask('DELETE', `/faults/${id}`))}
          />
        ))}
      </ul>
    </section>
  )
}

interface SwitchProps {
  readonly description: FaultDescription
  readonly defaults: Readonly<Record<string, string>>
  readonly active: ActiveFault | undefined
  readonly onInject: (parameters: object) => void
  readonly onClear: (id: string) => void
}

function FaultSwitch({ description, defaults, active, onInject, onClear }: SwitchProps): JSX.Element {
  const { kind, summary, parameters, outcome } = description
  const [given, setGiven] = useState<Readonly<Record<string, string>>>({})
  const setting = (name: string): string => given[name] ?? defaults[name] ?? ''
  const inject = (): void =>
    onInject(
      Object.fromEntries(
        Object.entries(parameters).map(([name, type]) => [
          name,
          type === 'number' ? Number(setting(name)) : setting(name),
        ]),
      ),
    )
  return (
    <li>
      <button
        type="button"
        role="switch"
        aria-checked={active !== undefined}
        aria-describedby={`${kind}-about`}
        onClick={() => (active === undefined ? inject() : onClear(active.id))}
      >
        <span class="knob" aria-hidden="true" />
        {kind}
      </button>
      {Object.entries(parameters).map(([name, type]) => (
        <label key={name}>
          {name}{' '}
          <input
            type="text"
            inputMode={type === 'number' ? 'numeric' : 'text'}
            value={setting(name)}
            disabled={active !== undefined}
            onInput={({ currentTarget }) => setGiven({ ...given, [name]: currentTarget.value })}
          />
        </label>
      ))}
      <p id={`${kind}-about`} class="faint">
        {summary}: {outcome}.
      </p>
      {active === undefined ? (
        <details>
          <summary>
            what it teaches<span class="unseen">: {kind}</span>
          </summary>
          <p>{lessons[kind]}</p>
        </details>
      ) : (
        <p>{lessons[kind]}</p>
      )}
    </li>
  )
}

function defaultsOf(org: Org): Readonly<Record<string, string>> {
  return {
    delayMs: '4000',
    status: '500',
    endpoint: 'token',
    seconds: '3600',
    serverId: delegationServer(org)?.id ?? '',
    clientId: org.apps.find(({ type }) => type === 'service')?.clientId ?? '',
  }
}

import type { Telemetry } from '@behalf/core'
import type { Hook } from '../hook.ts'

/** What a hook itself does not say of how it is doing. */
interface Inside {
  /** Whether it denies everything, because its configuration was refused. */
  readonly refusing?: boolean
  /** How many calls are under way. */
  readonly active?: () => number
}

/** Has a hook looked at when metrics are collected. */
export function observeHook(
  telemetry: Telemetry | undefined,
  hook: Pick<Hook, 'revision' | 'status' | 'secretsStatus'>,
  { refusing = false, active = () => 0 }: Inside,
): void {
  const { version, configuration } = hook.revision
  telemetry?.observe('behalf.hook.info', () => [
    { value: 1, attributes: { 'behalf.version': version, 'behalf.configuration': configuration } },
  ])
  telemetry?.observe('behalf.hook.hooks', () => {
    const isReady = hook.secretsStatus().ready && hook.status().every(({ ready }) => ready)
    const state = refusing ? 'refusing' : isReady ? 'ready' : 'unready'
    return ['ready', 'unready', 'refusing'].map((each) => ({
      value: each === state ? 1 : 0,
      attributes: { 'behalf.state': each },
    }))
  })
  telemetry?.observe('behalf.hook.exchanges.active', () => [{ value: active(), attributes: {} }])
}

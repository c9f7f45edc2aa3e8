import { type Check, failure, ok, skipped, warning } from '../finding.ts'
import { probeHook } from '../hook-probe.ts'

/** What Okta's capacity guidance assumes, and how long it waits. */
const limitsMs = { guidance: 500, timeout: 3_000 }

/** Nearly all calls are answered within what Okta's capacity guidance assumes, and all well before it gives up. */
export const checkHookLatency: Check = async (installation) => {
  const check = 'hook latency'
  const { url, header, secret } = installation.hook
  if (url === undefined) return []
  const headers = secret === undefined ? {} : { [header]: secret }
  const durations: number[] = []
  for (let sample = 0; sample < installation.samples; sample++) {
    const probe = await probeHook(url, headers, installation)
    if (probe.kind === 'none') return [skipped(check, 'no answer came', 'see above')]
    durations.push(probe.durationMs)
  }
  const p50 = percentile(durations, 0.5)
  const p95 = percentile(durations, 0.95)
  const detail = `p50 ${Math.round(p50)} ms, p95 ${Math.round(p95)} ms, seen from here, of ${durations.length} calls`
  if (p95 >= limitsMs.timeout)
    return [
      failure(
        check,
        detail,
        'Okta waits 3 s and then issues plain tokens; run the hook nearer to the org, warm, and with more capacity',
      ),
    ]
  return [
    p95 >= limitsMs.guidance
      ? warning(
          check,
          detail,
          'stay under 500 ms: keep connections and instances warm, run the hook nearer to the org',
        )
      : ok(check, detail),
  ]
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0
}

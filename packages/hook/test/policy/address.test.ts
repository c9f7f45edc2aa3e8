import type { Delegation } from '@behalf/hook'
import { authzen } from '@behalf/hook/authzen'
import { hookEvent } from '@behalf/testing'
import { HookBench } from '@behalf/testing/hook'
import { afterAll, describe, expect, it } from 'vitest'
import { canonicalAddress } from '../../src/policy/address.ts'
import { delegation } from './delegation.ts'

const bench = await HookBench.start()
afterAll(() => bench.close())

const spellings = [
  '203.0.113.7',
  '::ffff:203.0.113.7',
  '::FFFF:cb00:7107',
  '0:0:0:0:0:ffff:cb00:7107',
  '0000:0000:0000:0000:0000:ffff:203.0.113.7',
  '::ffff:0:203.0.113.7',
  '64:ff9b::203.0.113.7',
  '64:ff9b::cb00:7107',
  '::203.0.113.7',
  '::ffff:203.0.113.7%eth0',
]

describe('an IPv4 address', () => {
  it.each(spellings)('is one in the spelling %s', (text) => {
    expect(canonicalAddress(text)).toBe('203.0.113.7')
  })

  it.each([
    ['::ffff:0.0.0.0', '0.0.0.0'],
    ['::ffff:0:304', '0.0.3.4'],
    ['::1', '::1'],
    ['::', '::'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['2002:cb00:7107::1', '2002:cb00:7107::1'],
    ['64:ff9b:1::cb00:7107', '64:ff9b:1::cb00:7107'],
  ])('%s is %s', (text, address) => {
    expect(canonicalAddress(text)).toBe(address)
  })

  it.each([
    '',
    'nowhere',
    '203.0.113.0/24',
    '203.0.113.07',
    '203.0.113',
    '203.0.113.7.',
    '256.1.1.1',
    '::1]/x',
    '1:2:3',
    '::ffff:203.0.113.256',
    '203.0.113.7, 198.51.100.1',
  ])('%j is none', (text) => {
    expect(canonicalAddress(text)).toBeUndefined()
  })
})

describe('every policy', () => {
  it.each(spellings)('that is a function is told 203.0.113.7 for %s', async (ipAddress) => {
    const seen: (string | undefined)[] = []
    const event = bench.event({}, ({ data }) => Object.assign(data.context.request, { ipAddress }))
    const policy = ({ request }: Delegation) => {
      seen.push(request.ipAddress)
      return { decision: 'permit' as const }
    }
    expect((await bench.send(event, { policy })).outcome).toBe('permit')
    expect(seen).toEqual(['203.0.113.7'])
  })

  it('at a decision point is told 203.0.113.7', async () => {
    const bodies: unknown[] = []
    const { decide } = authzen({
      pdp: 'https://pdp.example.com',
      evaluationEndpoint: 'https://pdp.example.com/evaluate',
      fetch: async (_, init) => {
        bodies.push(JSON.parse(String(init?.body)))
        return Response.json({ decision: true })
      },
    })
    await decide(delegation({ ipAddress: '::ffff:cb00:7107' }), new AbortController().signal)
    expect(bodies).toMatchObject([{ subject: { properties: { ip_address: '203.0.113.7' } } }])
  })
})

describe('a list of audiences', () => {
  it.each([[['api://b']], [['api://b', 'api://c']], [[]], [{}], [7]])(
    'is nothing that a policy is asked about: %j',
    async (aud) => {
      let asked = 0
      const policy = () => {
        asked++
        return { decision: 'permit' as const }
      }
      const { outcome, record } = await bench.send(
        hookEvent({ assertion: bench.assertion(), accessClaims: { aud } }),
        { policy },
      )
      expect([outcome, asked]).toEqual(['policy_unavailable', 0])
      expect(record.detail).toBe('aud of the token being minted is not one name')
    },
  )
})

import type { LooseObject } from '@behalf/testing'
import {
  accepts,
  actor,
  assertion,
  forbids,
  issuer,
  longAgo,
  partners,
  refuses,
  sign,
  type Vector,
} from './vector.ts'

/** A chain, the current actor first. */
const chain = (...names: readonly string[]): LooseObject | undefined =>
  names.reduceRight<LooseObject | undefined>((act, sub) => actor(sub, { act }), undefined)
const three = ['0oaApiB', '0oaApiC', '0oaApiD'] as const
const ofPartners = { assertion: assertion({ iss: partners, sub: 'bob', uid: '00uBob' }) }

/** Who the user is, and who acts. */
export const delegations: readonly Vector[] = [
  accepts('an actor that does not say who vouches for it', sign({ act: { sub: '0oaApiA' } })),
  accepts('an actor that is an agent', sign({ act: actor('0oaApiA', { sub_profile: 'ai_agent' }) })),
  accepts('two actors', sign({ act: chain('0oaApiA', '0oaApiC') }), { actors: ['0oaApiA', '0oaApiC'] }),
  accepts('four actors', sign({ act: chain('0oaApiA', ...three) }), { actors: ['0oaApiA', ...three] }),
  accepts(
    'an earlier actor that another issuer vouches for',
    sign({ act: actor('0oaApiA', { act: { iss: 'https://elsewhere.example', sub: 'agent' } }) }),
    {
      actors: ['0oaApiA', 'agent'],
    },
  ),
  accepts('a user whose name is mapped', sign({ ...ofPartners, sub: 'partners|bob' }), {
    subject: 'partners|bob',
    user: { issuer: partners, subject: 'bob' },
  }),
  accepts('more scopes than are needed', sign({ scp: ['orders:write', 'orders:read'] }), {
    scopes: ['orders:write', 'orders:read'],
  }),

  refuses(
    'a machine token for this API',
    sign({ sub: '0oaApiA', act: undefined, assertion: undefined }),
    'token_undelegated',
  ),
  refuses(
    "a user's own token for this API",
    sign({ act: undefined, assertion: undefined, uid: '00uAnn', cid: '0oaWebShop' }),
    'token_undelegated',
  ),
  refuses('no act', sign({ act: undefined }), 'token_undelegated'),
  refuses('no assertion', sign({ assertion: undefined }), 'token_undelegated'),
  refuses(
    'the client as the user',
    sign({ sub: '0oaApiA', assertion: assertion({ sub: '0oaApiA' }) }),
    'token_undelegated',
  ),
  refuses('an actor that is not the client', sign({ act: actor('0oaApiB') }), 'actor_mismatch'),
  refuses(
    'the client as an earlier actor only',
    sign({ act: chain('0oaApiB', '0oaApiA') }),
    'actor_mismatch',
  ),
  refuses('no client', sign({ cid: undefined }), 'actor_mismatch'),
  refuses(
    'an actor that another issuer vouches for',
    sign({ act: actor('0oaApiA', { iss: 'https://elsewhere.example' }) }),
    'actor_mismatch',
  ),
  refuses('an actor without a name', sign({ act: { iss: issuer } })),
  refuses('an actor whose name is a number', sign({ act: { sub: 1 }, cid: 1 })),
  refuses('a string as act', sign({ act: '0oaApiA' })),
  refuses('a list as act', sign({ act: [actor('0oaApiA')] })),
  refuses('an earlier actor that is no object', sign({ act: actor('0oaApiA', { act: '0oaApiB' }) })),
  refuses('an earlier actor without a name', sign({ act: actor('0oaApiA', { act: {} }) })),
  forbids('five actors', sign({ act: chain('0oaApiA', ...three, '0oaApiE') }), 'actor_chain_too_deep'),
  forbids(
    'an actor that this API does not know',
    sign({ cid: '0oaApiC', act: actor('0oaApiC') }),
    'actor_not_allowed',
  ),

  refuses('another user than that of the assertion', sign({ sub: 'eve@example.com' }), 'subject_mismatch'),
  refuses('a user in another case', sign({ sub: 'Ann@example.com' }), 'subject_mismatch'),
  refuses('no subject', sign({ sub: undefined })),
  refuses('an empty subject', sign({ sub: '', assertion: assertion({ sub: '' }) })),
  refuses(
    'a user whose name should be mapped and is not',
    sign({ ...ofPartners, sub: 'bob' }),
    'subject_mismatch',
  ),
  refuses(
    "a user who is mapped like another issuer's",
    sign({ sub: 'partners|ann@example.com' }),
    'subject_mismatch',
  ),
  refuses(
    "a user who is called like another issuer's",
    sign({ sub: 'partners|bob', assertion: assertion({ sub: 'partners|bob' }) }),
    'subject_mismatch',
  ),
  refuses(
    'an issuer of users that this API does not know',
    sign({ assertion: assertion({ iss: 'https://elsewhere.example' }) }),
  ),
  refuses(
    'an assertion of the delegation server, which vouches for nobody',
    sign({ assertion: assertion({ iss: issuer }) }),
  ),
  refuses('a string as assertion', sign({ assertion: 'ann@example.com' })),
  refuses('a list as assertion', sign({ assertion: [assertion()] })),
  refuses('an assertion without issuer', sign({ assertion: assertion({ iss: undefined }) })),
  refuses('an assertion without subject', sign({ assertion: assertion({ sub: undefined }) })),
  refuses('an assertion that has ended', sign({ assertion: assertion({ exp: longAgo }) }), 'token_expired'),
  refuses('an assertion without end', sign({ assertion: assertion({ exp: undefined }) })),
  refuses('an assertion whose end is a string', sign({ assertion: assertion({ exp: '4102444800' }) })),

  refuses(
    'a token that is bound to a key, without its proof',
    sign({ cnf: { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' } }),
  ),
  refuses('a string as scp', sign({ scp: 'orders:read' })),
  forbids('no scopes', sign({ scp: undefined }), 'insufficient_scope'),
  forbids('an empty list of scopes', sign({ scp: [] }), 'insufficient_scope'),
  forbids('another scope', sign({ scp: ['orders:write'] }), 'insufficient_scope'),
  forbids(
    'a scope that begins like the one that is needed',
    sign({ scp: ['orders:readonly'] }),
    'insufficient_scope',
  ),
]

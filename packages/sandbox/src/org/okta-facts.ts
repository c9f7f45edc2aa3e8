/**
 * The questions that Okta's documentation leaves open, and the outcomes that the sandbox can play, what it assumes first.
 * `behalf probe` finds out which of them is an org's.
 */
export const playedOutcomes = {
  'aud-replaced': ['applied', 'dropped'],
  'sub-replaced': ['applied', 'dropped'],
  'act-added': ['applied', 'dropped'],
  'nested-act-added': ['applied', 'dropped'],
  'delegation-in-one-patch': ['applied', 'dropped'],
  'aud-list': ['applied', 'dropped'],
  'list-value': ['applied', 'dropped'],
  'boolean-value': ['applied', 'dropped'],
  'fraction-value': ['applied', 'dropped'],
  'object-value': ['applied', 'dropped'],
  'url-named-claim': ['applied', 'dropped'],
  'add-below-added-claim': ['applied', 'dropped'],
  'replace-added-claim': ['dropped', 'applied'],
  'add-null': ['dropped', 'applied'],
  'empty-claim-name': ['dropped', 'applied'],
  'bad-escape': ['dropped', 'applied'],
  'index-leading-zero': ['dropped', 'applied'],
  'index-beyond-end': ['dropped', 'applied'],
  'sub-removed': ['dropped', 'applied'],
  'aud-removed': ['dropped', 'applied'],
  'sub-number': ['dropped', 'applied'],
  'aud-number': ['dropped', 'applied'],
  'error-status': ['400', '401', '403', '500'],
  'error-without-summary': ['refused', 'plain token'],
  'error-not-object': ['plain token', 'refused'],
  'error-beside-commands': ['refused', 'applied'],
  'commands-missing': ['plain token', 'refused'],
  'commands-null': ['plain token', 'refused'],
  'commands-empty': ['plain token', 'refused'],
  'commands-not-list': ['plain token', 'refused'],
  'answer-not-object': ['plain token', 'refused'],
  'answer-content-type': ['applied', 'plain token'],
  'other-2xx': ['plain token', 'applied'],
  'inactive-hook': ['plain token', 'refused'],
  'hook-of-other-type': ['plain token', 'rule refused'],
  'machine-event': ['without user and session', 'with user and session'],
  'url-at-hook': ['whole', 'cut'],
  'hook-headers': ['none of Okta', 'some of Okta'],
  'longest-url': ['8 KB', '4 KB', '16 KB', '32 KB'],
  'hook-token-kept': ['kept', 'fetched each time'],
  'hook-token-without-lifetime': ['fetched each time', 'kept'],
  'hook-token-fetch-time': ['counts', 'does not count'],
  'hook-assertion-audience': ['token URL', 'another'],
  'resource-in-query': ['ignored', 'refused', 'granted'],
  'resource-in-body': ['ignored', 'refused', 'granted'],
  'audience-in-query': ['ignored', 'refused', 'granted'],
  'audience-in-body': ['ignored', 'refused', 'granted'],
  'introspect-replaced': ['active, as the token says', 'active, as issued', 'inactive'],
  'revoke-replaced': ['revoked', 'not revoked'],
  'log-url': ['path and query', 'path'],
  'log-applied': ['SUCCESS', 'no event'],
  'log-dropped': ['FAILURE', 'SUCCESS', 'no event'],
  'log-denied': ['FAILURE', 'SUCCESS', 'no event'],
  'log-executed': ['no event', 'SUCCESS'],
  'no-rule': ['400 access_denied', '401 access_denied', '403 access_denied'],
  'machine-openid': ['invalid_scope', 'access_denied'],
  'unknown-client': ['401 invalid_client', '400 invalid_client in the envelope'],
  'wrong-secret': ['401 invalid_client', '400 invalid_client in the envelope'],
  'secret-either-way': ['either', 'as registered'],
  'people-unnamed': ['admitted', 'not admitted'],
  'lone-word-claim': ['no claim', 'refused'],
  'user-claim-of-machine': ['no claim', 'empty text'],
  'authorize-nonce': ['not looked at', 'refused'],
  'authorize-resource': ['not looked at', 'refused'],
  'keys-for-pages': ['every origin', 'known origins'],
  'delete-active-hook': ['400 E0000001', '403 E0000006', 'deleted'],
  'delete-active-app': ['403 E0000056', '400 E0000001', 'deleted'],
  'secret-left-out': ['stays', 'refused'],
  'missing-hook-in-rule': ['400 E0000001', '404 E0000007', 'taken'],
  'unknown-member-of-policy': ['kept', 'dropped', 'refused'],
  'unknown-member-of-rule': ['kept', 'dropped', 'refused'],
  'unknown-member-of-app': ['kept', 'dropped', 'refused'],
  'unknown-member-of-scope': ['dropped', 'refused'],
  'unknown-member-of-server': ['dropped', 'refused'],
  'issuer-mode': ['DYNAMIC', 'ORG_URL', 'CUSTOM_URL'],
  'rotation-mode': ['AUTO', 'MANUAL'],
  'scope-defaults': ['not answered', 'answered'],
  'rate-limit-headers': ['given', 'not given'],
  'list-limit': ['paged', 'whole'],
  'exactly-full-page': ['has a next', 'is the last'],
  'log-filter-co': ['400', '200'],
} as const

/** A question about Okta, by its id. */
export type FactId = keyof typeof playedOutcomes

/** What is known of an org: of every question that is missing, the first outcome is assumed. */
export type OktaFacts = { readonly [Id in FactId]?: (typeof playedOutcomes)[Id][number] }

/** Says how a question is answered: as was found out, else as the sandbox assumes. */
export function outcomeOf<Id extends FactId>(facts: OktaFacts, id: Id): (typeof playedOutcomes)[Id][number] {
  return facts[id] ?? playedOutcomes[id][0]
}

/** Says whether a question is answered by this outcome. */
export function plays<Id extends FactId>(
  facts: OktaFacts,
  id: Id,
  outcome: (typeof playedOutcomes)[Id][number],
): boolean {
  return outcomeOf(facts, id) === outcome
}

export { delegatedClaims, userClaims } from './claims.ts'
export { type BrokenEndpoint, brokenEndpoints, slow } from './faults/broken-endpoint.ts'
export { type HookEvent, type HookEventOptions, hookEvent } from './hook-event.ts'
export { type Answer, TestIssuer } from './issuer.ts'
export { type LoopbackServer, listen } from './loopback-server.ts'
export { ManualClock } from './manual-clock.ts'
export { oneServer } from './one-server.ts'
export { type SealChanges, SealingPair } from './sealing-pair.ts'
export {
  encodePart,
  generateSigningKey,
  type LooseObject,
  type SigningKey,
  signBytes,
  signHmacJwt,
  signJwt,
} from './signing-key.ts'

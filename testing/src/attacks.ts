export type {
  ApiOutcome,
  Attack,
  Category,
  HookCall,
  HookOutcome,
  SidecarOutcome,
  Threat,
} from './attacks/attack.ts'
export { catalogue } from './attacks/catalogue.ts'
export { type CategoryRow, listFailures, summarise } from './attacks/report.ts'
export { type AttackResult, runAttacks, type Targets } from './attacks/run.ts'
export type { HookSetup, Setup } from './attacks/setup.ts'
export type { ApiTarget, HookReply, HookTarget, HookUnderAttack, HttpReply } from './attacks/target.ts'
export { fetchTarget } from './attacks/targets/fetch.ts'
export { lambdaRestTarget, lambdaTarget, underHttpApi } from './attacks/targets/lambda.ts'
export { callOver, nodeTarget, sendBytes } from './attacks/targets/node.ts'
export { sidecarTarget } from './attacks/targets/sidecar.ts'
export { startHook } from './attacks/targets/start-hook.ts'
export { verifierTarget } from './attacks/targets/verifier.ts'
export { World } from './attacks/world.ts'

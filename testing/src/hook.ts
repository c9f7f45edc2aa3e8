export { type ReadAnswer, readAnswer } from './hook/answer.ts'
export { type Answered, authenticated, HookBench, hookSecret } from './hook/bench.ts'
export { deadlineMs, type ServedAnswer, ServedBench } from './hook/served-bench.ts'

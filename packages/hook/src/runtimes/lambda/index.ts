export type { HttpEvent } from './event.ts'
export { createLambdaHandler, type LambdaHandler, type LambdaHandlerOptions } from './handler.ts'
export type { HttpResult } from './result.ts'
export { type LambdaStartOptions, startLambda } from './start.ts'

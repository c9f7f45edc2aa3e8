export type { HttpEvent } from './lambda/event.ts'
export { createLambdaHandler, type LambdaHandler, type LambdaHandlerOptions } from './lambda/handler.ts'
export type { HttpResult } from './lambda/result.ts'
export { type LambdaStartOptions, startLambda } from './lambda/start.ts'

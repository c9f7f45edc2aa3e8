/**
 * The least that a Lambda runtime does, written from AWS's description of the runtime API: load the handler,
 * then take an event, run it and report, for ever. For tests on machines where AWS's own client cannot be built.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
 */
import { pathToFileURL } from 'node:url'

const { AWS_LAMBDA_RUNTIME_API, LAMBDA_TASK_ROOT, _HANDLER = 'index.handler' } = process.env
const base = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`
const report = (path, body) =>
  fetch(`${base}/${path}`, { method: 'POST', body: JSON.stringify(body ?? null) })
const describe = (error) => ({
  errorType: error?.name ?? typeof error,
  errorMessage: String(error?.message ?? error),
})

const [file, name] = _HANDLER.split('.')
let handler
try {
  handler = (await import(pathToFileURL(`${LAMBDA_TASK_ROOT}/${file}.mjs`).href))[name]
} catch (error) {
  await report('init/error', describe(error))
  process.exit(1)
}
for (;;) {
  const next = await fetch(`${base}/invocation/next`)
  const id = next.headers.get('lambda-runtime-aws-request-id')
  const event = await next.json()
  try {
    await report(`invocation/${id}/response`, await handler(event, { awsRequestId: id }))
  } catch (error) {
    await report(`invocation/${id}/error`, describe(error))
  }
}

import { runSuite } from './run.ts'

/** The suite as a Worker: the fixture comes with the request, results go out as JSON. */
export default {
  async fetch(request: Request): Promise<Response> {
    const results = await runSuite(JSON.parse(await request.text()))
    return new Response(JSON.stringify(results, (_, value) => value ?? null))
  },
}

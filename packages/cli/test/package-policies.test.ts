import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { hookEvent, TestIssuer, userClaims } from '@behalf/testing'
import { unzipSync } from 'fflate'
import { expect, it } from 'vitest'
import { folderWith } from './behalf-process.ts'

const run = promisify(execFile)
const bin = fileURLToPath(new URL('../bin/behalf.js', import.meta.url))

/** Where packages can be imported from, as in a project that has installed them. */
const project = fileURLToPath(new URL('./', import.meta.url))

it('packs Cedar and the policies, so that the function decides by them', async () => {
  await using issuer = await TestIssuer.start()
  const folder = join(project, `.packed-${process.pid}`)
  await mkdir(join(folder, 'policies'), { recursive: true })
  await using unpacked = await folderWith({})
  try {
    await writeFile(
      join(folder, 'behalf.config.ts'),
      `import { defineConfig } from '@behalf/hook'
      import { cedar } from '@behalf/hook/cedar'
      export default defineConfig({
        authenticate: { secrets: [process.env['SECRET']] },
        issuers: [{ issuer: '${issuer.issuer}', audiences: ['api://a'] }],
        clients: { '0oaApiA': {} },
        policy: cedar({ policies: 'policies' }),
      })`,
    )
    await writeFile(
      join(folder, 'policies/a.cedar'),
      `permit(principal, action, resource);
      @id("strong") @reason("Not strong enough.") forbid(principal, action, resource) when { context.assertion has acr && context.assertion.acr == "weak" };`,
    )
    const { stdout } = await run(process.execPath, [bin, 'package', '--out', 'out.zip'], { cwd: folder })
    expect(stdout).toContain('policy: policies/a.cedar')

    const files = unzipSync(await readFile(join(folder, 'out.zip')))
    expect(Object.keys(files)).toEqual(['index.mjs', 'policies/a.cedar'])
    for (const [name, bytes] of Object.entries(files)) {
      await mkdir(dirname(join(unpacked.path, name)), { recursive: true })
      await writeFile(join(unpacked.path, name), bytes)
    }
    const nowSeconds = Math.floor(Date.now() / 1000)
    const bodies = [{}, { acr: 'weak' }].map((claims) =>
      JSON.stringify(hookEvent({ assertion: issuer.sign(userClaims(nowSeconds, claims)) })),
    )
    await writeFile(
      join(unpacked.path, 'invoke.mjs'),
      `import { handler } from './index.mjs'
      for (const body of ${JSON.stringify(bodies)}) {
        const { body: answer } = await handler({ httpMethod: 'POST', headers: { authorization: 'hook-secret-0123456789' }, body })
        console.log(JSON.stringify({ answer: JSON.parse(answer) }))
      }`,
    )
    const invoked = await run(process.execPath, ['invoke.mjs'], {
      cwd: unpacked.path,
      env: { SECRET: 'hook-secret-0123456789' },
    })
    const answers = invoked.stdout
      .split('\n')
      .filter((line) => line.startsWith('{"answer"'))
      .map((line) => JSON.parse(line).answer)
    expect(answers).toEqual([
      expect.objectContaining({ commands: [expect.anything()] }),
      expect.objectContaining({
        error: {
          errorSummary: expect.stringMatching(/^policy_denied: Not strong enough\. \(decision [\w-]+\)$/),
        },
      }),
    ])
  } finally {
    await rm(folder, { recursive: true })
  }
}, 60_000)
